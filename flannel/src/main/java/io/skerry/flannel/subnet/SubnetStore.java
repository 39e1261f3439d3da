package io.skerry.flannel.subnet;

import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.LeaseId;
import java.util.Optional;

/** The part of the store that subnets need. */
public interface SubnetStore {
    /** Reads everything at one revision; empty while there is no configuration. */
    Optional<SubnetView> read() throws EtcdException, InterruptedException;

    /**
     * Makes a claim.
     *
     * @param lease what the key shall hang on, unless the claim is permanent
     * @return false if something changed meanwhile: nothing was written, read again
     */
    boolean claim(Claim claim, LeaseId lease) throws EtcdException, InterruptedException;
}
