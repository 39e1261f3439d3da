package io.skerry.etcd.server.mvcc.engine;

import org.jspecify.annotations.Nullable;

/**
 * A map of byte strings in unsigned order. One thread writes at a time. Arrays handed in or out
 * belong to the map and must never be changed.
 */
public interface OrderedMap {
    /** The value of the key, or null. */
    byte @Nullable [] get(byte[] key);

    /** Sets the value and returns the one before, or null. */
    byte @Nullable [] put(byte[] key, byte[] value);

    /** Sets the value to what is made from the one before; cheaper than to get and to put. */
    void update(byte[] key, Update update);

    /** Makes a value from the one before. It may be asked again, and the last answer counts. */
    @FunctionalInterface
    interface Update {
        /**
         * The value to be set.
         *
         * @param before null if the key is not there
         */
        byte[] apply(byte @Nullable [] before);
    }

    /**
     * Sets the value of a key that is greater than all others; far cheaper than {@link #put}.
     *
     * <p>The key must really be the greatest: nobody checks.
     */
    void append(byte[] key, byte[] value);

    /** Removes the key and returns the value it had, or null. */
    byte @Nullable [] remove(byte[] key);

    /** Removes everything. */
    void clear();

    /** What the map holds now, unchanged by later writes. Costs next to nothing. */
    OrderedSnapshot snapshot();
}
