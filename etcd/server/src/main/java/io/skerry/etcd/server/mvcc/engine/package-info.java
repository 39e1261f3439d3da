/**
 * The ordered key-value engine under the store: named maps of byte strings, immutable snapshots of
 * them, counted ranks, one atomic commit over all maps.
 *
 * <p>Only {@code mvcc} and {@code store} use it. It knows nothing of revisions or leases. One
 * thread writes at a time (its callers see to that); snapshots are read by any number of threads
 * without locks. H2's MVStore is named in this package only, so that it can be replaced.
 */
@NullMarked
package io.skerry.etcd.server.mvcc.engine;

import org.jspecify.annotations.NullMarked;
