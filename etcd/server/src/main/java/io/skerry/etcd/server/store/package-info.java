/**
 * The replicated state machine: commands as they stand in the log, carried out on {@code mvcc} and
 * the leases, with etcd's answers and refusals; the file they lie in, its commits and snapshots.
 *
 * <p>Driven by {@code consensus}; the API proposes commands and reads the published view. What a
 * command does depends on nothing but the log before it.
 */
@NullMarked
package io.skerry.etcd.server.store;

import org.jspecify.annotations.NullMarked;
