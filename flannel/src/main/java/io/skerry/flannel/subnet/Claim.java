package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.PerFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A write that makes subnets a host's own, if nothing that it was decided by has changed.
 *
 * @param configRevision the configuration must still be of it
 * @param replacing the lease that is there already; empty: there must be none
 * @param discarded leases of this host that fit no more; they are deleted
 * @param noted for each subnet the revision in which it was remembered for somebody; 0: in none.
 *     Every claim notes its subnets anew, so that of two claims of one subnet only one succeeds,
 *     whatever the other subnet of their keys is
 * @param forgotten subnets that were remembered for this host and are for others from now on
 */
public record Claim(
        long configRevision,
        PerFamily<Cidr> subnets,
        LeaseValue value,
        Optional<Lease> replacing,
        List<Lease> discarded,
        Map<Cidr, Long> noted,
        List<Cidr> forgotten) {
    public Claim {
        discarded = List.copyOf(discarded);
        noted = Map.copyOf(noted);
        forgotten = List.copyOf(forgotten);
    }

    /** Whether the key is to stay when the host is gone, as it did before. */
    public boolean permanent() {
        return replacing.isPresent() && replacing.get().reservation();
    }
}
