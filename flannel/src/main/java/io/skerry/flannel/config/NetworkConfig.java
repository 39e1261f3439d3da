package io.skerry.flannel.config;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;

/**
 * The network that all hosts share.
 *
 * @param network all addresses of it, those of subnets and of containers
 * @param subnetLength how long the prefix of a host's subnet is
 * @param subnetMin the first subnet that a host may have
 * @param subnetMax the last one
 */
public record NetworkConfig(
        Cidr4 network, int subnetLength, Ip4 subnetMin, Ip4 subnetMax, BackendConfig backend) {

    /** Whether a host may have that subnet. */
    public boolean allows(Cidr4 subnet) {
        return subnet.length() == subnetLength
                && subnet.equals(subnet.network())
                && subnet.address().compareTo(subnetMin) >= 0
                && subnet.address().compareTo(subnetMax) <= 0;
    }

    /** How many subnets hosts may have. */
    public int subnets() {
        return ((subnetMax.bits() - subnetMin.bits()) >>> (32 - subnetLength)) + 1;
    }

    /** The subnet of that number, counted from 0. */
    public Cidr4 subnet(int number) {
        return new Cidr4(subnetMin.plus(number << (32 - subnetLength)), subnetLength);
    }
}
