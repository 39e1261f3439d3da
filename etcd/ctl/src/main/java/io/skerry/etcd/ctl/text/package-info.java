/** Byte strings, and how etcdctl quotes, splits and abbreviates. Pure. */
@NullMarked
package io.skerry.etcd.ctl.text;

import org.jspecify.annotations.NullMarked;
