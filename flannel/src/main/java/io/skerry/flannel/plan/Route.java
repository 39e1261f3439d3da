package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip;
import java.util.Optional;

/**
 * A route of the main table.
 *
 * @param device it leaves by
 * @param onlink the gateway counts as a neighbour although no address of the device says so
 * @param metric 0 in all that is ours
 */
public record Route(
        Cidr destination, Optional<Ip> gateway, String device, boolean onlink, int metric) {
    /** Over a router, or into a device where there is none. */
    static Route via(Cidr destination, Ip gateway, String device, boolean onlink) {
        return new Route(destination, Optional.of(gateway), device, onlink, 0);
    }
}
