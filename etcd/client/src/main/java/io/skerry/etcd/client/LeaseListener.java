package io.skerry.etcd.client;

import java.time.Duration;

/** Told of a lease by the keeper's virtual thread. */
public interface LeaseListener {
    /** The store said that the lease is no more: its keys are deleted. Called once, as the last. */
    void onLost();

    /**
     * A renewal was answered.
     *
     * @param sentAt when it was sent, by the client's clock
     */
    default void onRenewed(Duration sentAt) {}
}
