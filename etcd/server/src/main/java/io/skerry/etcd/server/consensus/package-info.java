/**
 * Agreement among the members of a store: one log of commands, in one order, on a majority of disks
 * before anything is acknowledged.
 *
 * <p>The only door is {@link io.skerry.etcd.server.consensus.ReplicatedLog}; what the commands mean
 * is the business of the {@link io.skerry.etcd.server.consensus.StateMachine} behind it. The
 * library that elects leaders is known to this package and its subpackages alone. Nothing here
 * interprets a command or knows of keys, leases or watches.
 */
@NullMarked
package io.skerry.etcd.server.consensus;

import org.jspecify.annotations.NullMarked;
