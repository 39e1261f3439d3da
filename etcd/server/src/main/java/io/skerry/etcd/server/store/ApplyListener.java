package io.skerry.etcd.server.store;

import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.membership.MemberList;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.v2store.Outcome;
import java.util.List;

/**
 * Hears what the log did, on the thread that applies it: must return fast, never block and never
 * throw.
 */
public interface ApplyListener {
    /**
     * A batch was applied and its view published.
     *
     * @param changes in order; those of one revision follow each other
     * @param revision newest revision now
     */
    void applied(List<Change> changes, long revision);

    /** What a batch did to clients' keys of v2, in order; after its {@link #applied}. */
    default void nodes(List<Outcome> outcomes) {}

    /** The whole state was replaced by a snapshot; the new view is published. */
    void replaced(long revision);

    /** Who belongs to the cluster has changed; called before the batch is published. */
    default void membersChanged(MemberList members) {}

    void leaseGranted(Lease lease);

    void leaseRevoked(long id);

    /** Whether this member leads now, and in which term. */
    void leadership(long term, boolean leader);
}
