package io.skerry.flannel.config;

import io.skerry.flannel.address.Cidr;

/**
 * The addresses of one family that a network has, and which subnets of them hosts may have.
 *
 * @param network all addresses of it, those of subnets and of containers
 * @param min the first subnet that a host may have
 * @param max the last one, as long as the first
 */
public record SubnetRange(Cidr network, Cidr min, Cidr max) {

    /** How long the prefix of a host's subnet is. */
    public int subnetLength() {
        return min.length();
    }

    /** Whether a host may have that subnet. */
    public boolean allows(Cidr subnet) {
        return subnet.family() == min.family()
                && subnet.length() == min.length()
                && subnet.equals(subnet.network())
                && subnet.compareTo(min) >= 0
                && subnet.compareTo(max) <= 0;
    }

    /** How many subnets hosts may have; more than an int can tell count as the largest. */
    public int subnets() {
        int between = min.distance(max);
        return between == Integer.MAX_VALUE ? between : between + 1;
    }

    /** The subnet of that number, counted from 0. */
    public Cidr subnet(int number) {
        return min.next(number);
    }
}
