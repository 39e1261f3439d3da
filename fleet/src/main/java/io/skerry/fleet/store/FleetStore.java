package io.skerry.fleet.store;

import java.util.List;
import java.util.Optional;

/**
 * The little that fleet needs of an etcd. All methods but {@link #follow} block until the store has
 * answered or the request timeout has passed; any thread may call them.
 */
public interface FleetStore {
    /** One key, if it exists. */
    Optional<Entry> get(String key) throws RegistryException;

    /** All keys of the ranges, at one revision. */
    Listing list(List<KeyRange> ranges) throws RegistryException;

    /**
     * Commits a transaction.
     *
     * @param leaseId the lease for {@link StoreTxn.Write.PutLeased}, 0 when there is no such write
     */
    Committed commit(StoreTxn txn, long leaseId) throws RegistryException;

    /**
     * Commits a transaction without leased writes or, when a guard does not hold, says what is
     * there instead. One round trip either way.
     *
     * @param otherwise the ranges to list at the revision at which a guard did not hold
     * @return empty when the writes were done
     */
    Optional<Listing> commitOrList(StoreTxn txn, List<KeyRange> otherwise) throws RegistryException;

    /**
     * Tells all changes of the range after the revision, none twice, over all reconnects.
     *
     * @return the handle that ends it
     */
    Following follow(KeyRange range, long afterRevision, Follower follower);

    /**
     * The answer to a transaction.
     *
     * @param held true when the guards held and the writes were done
     * @param revision the store's, with the writes done
     */
    record Committed(boolean held, long revision) {}

    /** Hears changes in order, on one thread; must not block for long. */
    interface Follower {
        /** Changes of one or more whole revisions. */
        void changed(List<Change> changes);

        /** Changes were lost, since the store has compacted them: list again and follow anew. */
        void lost();

        /**
         * The store refuses to tell changes, as for want of rights, and no more are told. That may
         * end, as when somebody gives the rights back: list again and follow anew, after a pause.
         */
        void refused();
    }

    /** A running {@link FleetStore#follow}. */
    interface Following extends AutoCloseable {
        @Override
        void close();
    }
}
