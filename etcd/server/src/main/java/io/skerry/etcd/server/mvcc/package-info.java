/**
 * Keys with all their versions since the last compaction, under one revision counter, exactly as
 * etcd numbers them.
 *
 * <p>{@code store} writes here from the thread that applies the log; the API and watches read
 * {@link ReadView}s. Knows nothing of requests, leases' clocks or the network.
 */
@NullMarked
package io.skerry.etcd.server.mvcc;

import org.jspecify.annotations.NullMarked;
