/**
 * The five output formats. A {@link io.skerry.etcd.ctl.format.Format} prints an {@link
 * io.skerry.etcd.ctl.format.Answer}, which knows its own words in each of them.
 */
@NullMarked
package io.skerry.etcd.ctl.format;

import org.jspecify.annotations.NullMarked;
