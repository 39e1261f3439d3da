/**
 * {@code ETCDCTL_API=2}: the older etcdctl's commands, flags and output over the store's v2 HTTP
 * API. {@link io.skerry.etcd.ctl.EtcdCtl} calls it; nothing here speaks v3.
 */
@NullMarked
package io.skerry.etcd.ctl.v2;

import org.jspecify.annotations.NullMarked;
