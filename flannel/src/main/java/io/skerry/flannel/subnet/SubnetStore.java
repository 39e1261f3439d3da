package io.skerry.flannel.subnet;

import java.util.Optional;

/** The part of the store that a host needs to come to its subnets. */
public interface SubnetStore {
    /** Reads everything at one revision; empty while there is no configuration. */
    Optional<SubnetView> read() throws StoreException, InterruptedException;

    /**
     * Makes a claim. Unless it is permanent, its key is gone a while after its host is.
     *
     * @return false if something changed meanwhile: the host has nothing by it, read again
     */
    boolean claim(Claim claim) throws StoreException, InterruptedException;
}
