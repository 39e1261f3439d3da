package io.skerry.flannel.subnet;

import io.skerry.etcd.client.KeyValue;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** Where a network's keys are, whichever API of the store they are reached by. Thread-safe. */
public interface NetworkStore {
    /**
     * Follows what begins with a prefix.
     *
     * @param listener gets everything that is there, by key, once at first and after every change;
     *     called by one virtual thread
     */
    Mirror follow(String prefix, Consumer<Map<String, KeyValue>> listener);

    /** Reads the leases among what a mirror of this store shows, each from its JSON once. */
    LeaseReader leaseReader();

    /**
     * Begins to hold subnets.
     *
     * @param ttl how long they stay the host's when it is silent
     * @param lost called by another thread, once, when they are the host's no more
     */
    Tenure begin(Duration ttl, Runnable lost) throws StoreException, InterruptedException;
}
