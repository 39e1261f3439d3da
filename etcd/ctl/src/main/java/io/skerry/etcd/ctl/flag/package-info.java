/**
 * The command line as Go's flag packages read it: {@code --name value}, {@code --name=value},
 * {@code -n value}, switches that take no word of their own, and {@code --} before words that are
 * no flags.
 */
@NullMarked
package io.skerry.etcd.ctl.flag;

import org.jspecify.annotations.NullMarked;
