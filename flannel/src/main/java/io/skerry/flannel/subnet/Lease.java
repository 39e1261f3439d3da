package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.PerFamily;

/**
 * The subnets that belong to a host, one of each family that the network has.
 *
 * @param key of the store, as it was read
 * @param storeLease what the key hangs on; 0: it is a reservation and stays until somebody deletes
 *     it
 * @param modRevision of the key's last change
 */
public record Lease(
        String key, PerFamily<Cidr> subnets, LeaseValue value, long storeLease, long modRevision) {

    /** What the lease goes by: the subnet of IPv4 where there is one. */
    public Cidr subnet() {
        return subnets.first();
    }

    public boolean reservation() {
        return storeLease == 0;
    }
}
