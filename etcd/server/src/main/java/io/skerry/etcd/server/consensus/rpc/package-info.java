/**
 * The consensus library's own interfaces for network and timers, over {@link
 * io.skerry.etcd.server.consensus.peer} and plain scheduled executors. The library finds the two
 * factories as services and instantiates them once in a process; what belongs to one member travels
 * in {@link io.skerry.etcd.server.consensus.rpc.MemberOptions}.
 */
@NullMarked
package io.skerry.etcd.server.consensus.rpc;

import org.jspecify.annotations.NullMarked;
