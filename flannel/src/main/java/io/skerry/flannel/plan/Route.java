package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import java.util.Optional;

/**
 * A route of the main table.
 *
 * @param device it leaves by
 * @param onlink the gateway counts as a neighbour although no address of the device says so
 * @param metric 0 in all that is ours
 */
public record Route(
        Cidr4 destination, Optional<Ip4> gateway, String device, boolean onlink, int metric) {
    /** Over a router, or into a device where there is none. */
    static Route via(Cidr4 destination, Ip4 gateway, String device, boolean onlink) {
        return new Route(destination, Optional.of(gateway), device, onlink, 0);
    }
}
