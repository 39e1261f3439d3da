package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel shall hold of one family of addresses.
 *
 * @param overlay the network whose routes are ours
 * @param subnetLength how long the destinations of routes are that are ours
 * @param device empty: routes over the underlay suffice
 * @param addresses those of the device
 * @param routes to the other hosts' subnets
 * @param unusable names and reasons of hosts that cannot be reached by this backend
 */
public record Wanted(
        Cidr overlay,
        int subnetLength,
        Optional<DeviceSpec> device,
        Set<Cidr> addresses,
        Set<Route> routes,
        Set<Neighbour> neighbours,
        Set<Forwarding> forwardings,
        Set<Tunnel> tunnels,
        List<String> unusable) {
    public Wanted {
        addresses = Set.copyOf(addresses);
        routes = Set.copyOf(routes);
        neighbours = Set.copyOf(neighbours);
        forwardings = Set.copyOf(forwardings);
        tunnels = Set.copyOf(tunnels);
        unusable = List.copyOf(unusable);
    }

    /** That no host be reached, whatever its backend was. */
    public static Wanted nothing(Cidr overlay, int subnetLength) {
        return new Wanted(
                overlay,
                subnetLength,
                Optional.empty(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                List.of());
    }

    /**
     * Whether a route is ours to keep or to remove: one that leaves by our device, or leads over a
     * router to a subnet within the overlay. A container bridge's own subnet has no router.
     */
    boolean owns(Route route) {
        boolean leavesByOurs = device.isPresent() && device.get().name().equals(route.device());
        boolean leadsToSubnet =
                route.gateway().isPresent()
                        && route.destination().length() == subnetLength
                        && overlay.contains(route.destination());
        return leavesByOurs || leadsToSubnet;
    }
}
