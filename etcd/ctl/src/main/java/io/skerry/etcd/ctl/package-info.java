/**
 * {@code skerry etcdctl}, also called as {@code etcdctl}: the v3 commands of etcd's client with its
 * flags, output and exit status. Words, keys and values are byte strings: one {@code char} is one
 * byte, so that what is not UTF-8 comes out as it went in. Knows the store only through its API.
 */
@NullMarked
package io.skerry.etcd.ctl;

import org.jspecify.annotations.NullMarked;
