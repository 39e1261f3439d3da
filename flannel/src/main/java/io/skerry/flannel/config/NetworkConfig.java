package io.skerry.flannel.config;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.PerFamily;

/**
 * The network that all hosts share.
 *
 * @param ranges its addresses
 */
public record NetworkConfig(PerFamily<SubnetRange> ranges, BackendConfig backend) {

    /** All addresses of the network; those of IPv4 if it has both. */
    public Cidr network() {
        return ranges.first().network();
    }

    /** All addresses of one family, which the network must have. */
    public SubnetRange range(Family family) {
        return ranges.get(family).orElseThrow();
    }

    /** Whether a host may have those subnets, one of each family that the network has. */
    public boolean allows(PerFamily<Cidr> subnets) {
        return subnets.families().equals(ranges.families())
                && subnets.all().stream().allMatch(subnet -> range(subnet.family()).allows(subnet));
    }

    /** Whether an address or subnet is the network's. */
    public boolean contains(Cidr addresses) {
        return ranges.get(addresses.family())
                .map(range -> range.network().contains(addresses))
                .orElse(false);
    }
}
