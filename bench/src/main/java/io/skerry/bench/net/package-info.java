/**
 * {@code skerry bench net}: flannel hosts of ours and of the original in turns, in network
 * namespaces of this machine over one etcd: throughput between their containers, the time to join
 * and to forget a host, and what many hosts cost. Called by the command only.
 */
@NullMarked
package io.skerry.bench.net;

import org.jspecify.annotations.NullMarked;
