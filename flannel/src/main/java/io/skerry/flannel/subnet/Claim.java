package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr4;
import java.util.List;
import java.util.Optional;

/**
 * A write that makes a subnet a host's own, if nothing that it was decided by has changed.
 *
 * @param configRevision the configuration must still be of it
 * @param replacing the lease that is there already; empty: there must be none
 * @param discarded leases of this host that fit no more; they are deleted
 * @param forgotten subnets that were remembered for this host and are for others from now on
 */
public record Claim(
        long configRevision,
        Cidr4 subnet,
        LeaseValue value,
        Optional<Lease> replacing,
        List<Lease> discarded,
        List<Cidr4> forgotten) {
    public Claim {
        discarded = List.copyOf(discarded);
        forgotten = List.copyOf(forgotten);
    }

    /** Whether the key is to stay when the host is gone, as it did before. */
    public boolean permanent() {
        return replacing.isPresent() && replacing.get().reservation();
    }
}
