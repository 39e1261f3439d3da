package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr4;

/**
 * A subnet that belongs to a host.
 *
 * @param key of the store, as it was read
 * @param storeLease what the key hangs on; 0: it is a reservation and stays until somebody deletes
 *     it
 * @param modRevision of the key's last change
 */
public record Lease(String key, Cidr4 subnet, LeaseValue value, long storeLease, long modRevision) {

    public boolean reservation() {
        return storeLease == 0;
    }
}
