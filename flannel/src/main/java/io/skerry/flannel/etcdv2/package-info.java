/**
 * A network in the keys of etcd's v2 API, as flannel 0.13 and older keep it: each lease a node with
 * a time to live of its own. The daemon meets it as a {@code NetworkStore} and does not know the
 * difference; nothing else of this program speaks v2 to a store. Writes are such that the
 * original's daemons on other hosts understand the events they cause.
 */
@NullMarked
package io.skerry.flannel.etcdv2;

import org.jspecify.annotations.NullMarked;
