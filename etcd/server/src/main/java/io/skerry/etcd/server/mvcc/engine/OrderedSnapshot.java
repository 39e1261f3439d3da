package io.skerry.etcd.server.mvcc.engine;

import org.jspecify.annotations.Nullable;

/** An immutable state of an {@link OrderedMap}; any thread may read it. */
public interface OrderedSnapshot {
    /** The value of the key, or null. */
    byte @Nullable [] get(byte[] key);

    /** The least key that is greater than or equal to this one, or null. */
    byte @Nullable [] ceilingKey(byte[] key);

    /** How many keys are less than this one; in O(log n). */
    long rank(byte[] key);

    /** How many keys there are. */
    long size();

    /**
     * Entries with {@code from <= key < to} in ascending order.
     *
     * @param to null for no bound
     */
    Scan ascending(byte[] from, byte @Nullable [] to);

    /**
     * Entries with {@code from <= key < to} in descending order.
     *
     * @param to null for no bound
     */
    Scan descending(byte[] from, byte @Nullable [] to);

    /** A walk over entries: {@link #next} first, then the entry it stands on. */
    interface Scan {
        /** Steps to the next entry; false when there is none left. */
        boolean next();

        byte[] key();

        byte[] value();
    }
}
