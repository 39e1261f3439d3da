package io.skerry.etcd.client;

/** Told of an election by its virtual thread; a callback that blocks holds up the election. */
public interface ElectionListener {
    /**
     * This candidate leads.
     *
     * @param term the create revision of the key: greater than that of any leader before
     */
    void onElected(long term);

    /** This candidate leads no longer. */
    void onDeposed();

    /** Another leads, of which this is the value. */
    default void onFollowing(String leader) {}
}
