/**
 * What {@code check perf} and {@code check datascale} do to a store: writers under a load, what
 * they saw, and putting the store back as it was. It judges nothing; the commands do.
 */
@NullMarked
package io.skerry.etcd.ctl.check;

import org.jspecify.annotations.NullMarked;
