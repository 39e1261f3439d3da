package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the kernel holds of one family of addresses.
 *
 * @param device the one of the wanted device's name; empty if there is none
 * @param foreignDevice there is a device of that name and it is of another kind
 * @param up the device is on
 * @param addresses those of the device
 * @param routes all of the main table that somebody put there; the kernel's own are left out
 * @param neighbours permanent ones of the device
 * @param forwardings permanent ones of the device
 * @param tunnels those of the device
 */
public record Observed(
        Optional<DeviceSpec> device,
        boolean foreignDevice,
        boolean up,
        Set<Cidr> addresses,
        Set<Route> routes,
        Set<Neighbour> neighbours,
        Set<Forwarding> forwardings,
        Set<Tunnel> tunnels) {
    public Observed {
        addresses = Set.copyOf(addresses);
        routes = Set.copyOf(routes);
        neighbours = Set.copyOf(neighbours);
        forwardings = Set.copyOf(forwardings);
        tunnels = Set.copyOf(tunnels);
    }

    /** As it is once the device is gone. */
    Observed withoutDevice(String name) {
        var left =
                routes.stream()
                        .filter(route -> !route.device().equals(name))
                        .collect(Collectors.toSet());
        return new Observed(
                Optional.empty(), false, false, Set.of(), left, Set.of(), Set.of(), Set.of());
    }
}
