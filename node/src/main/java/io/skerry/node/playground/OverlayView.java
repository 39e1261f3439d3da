package io.skerry.node.playground;

import io.skerry.flannel.address.Ip;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.LeaseValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The overlay network as the store and the hosts' kernels tell of it.
 *
 * @param configText as it stands in the store
 * @param leases in the order of their subnets
 * @param hosts those whose kernel could be asked
 */
record OverlayView(
        String configText, NetworkConfig config, List<Lease> leases, List<HostView> hosts) {
    /** A host of the cluster. */
    record HostView(String name, Ip address, HostTables tables) {}

    OverlayView {
        leases = List.copyOf(leases);
        hosts = List.copyOf(hosts);
    }

    Optional<HostView> host(Ip address) {
        return hosts.stream().filter(host -> host.address().equals(address)).findFirst();
    }

    Optional<Lease> leaseOf(HostView host) {
        return leases.stream()
                .filter(lease -> lease.value().publicIp().equals(host.address()))
                .findFirst();
    }

    /** The lease of the subnet that has an address. */
    Optional<Lease> leaseWith(Ip address) {
        return leases.stream()
                .filter(lease ->
                        lease.subnets()
                                .get(address.family())
                                .filter(subnet -> subnet.contains(address))
                                .isPresent())
                .findFirst();
    }

    /** The host's name, or its address if it is none of ours. */
    String nameOf(Ip publicIp) {
        return host(publicIp)
                .or(() ->
                        leases.stream()
                                .map(Lease::value)
                                .filter(value -> isEndpoint(value, publicIp))
                                .findFirst()
                                .flatMap(value -> host(value.publicIp())))
                .map(HostView::name)
                .orElse(publicIp.toString());
    }

    private static boolean isEndpoint(LeaseValue value, Ip address) {
        return value.endpoints()
                .get(address.family())
                .filter(endpoint -> endpoint.publicIp().equals(address))
                .isPresent();
    }

    /** A step of a packet's way. */
    record Step(String where, String what) {}

    /**
     * A packet's way as the tables have it.
     *
     * @param device it leaves the first host by; empty if it does not
     * @param broken why it does not arrive; empty if it does
     */
    record Way(List<Step> steps, String device, String broken) {
        boolean arrives() {
            return broken.isEmpty();
        }
    }

    /** Follows a packet from a host to an address of the overlay. */
    Way way(HostView from, Ip to) {
        var steps = new ArrayList<Step>();
        var route = from.tables().routeTo(to);
        if (route.isEmpty()) {
            return new Way(steps, "", from.name() + " has no route to " + to);
        }
        String device = route.get().device();
        steps.add(
                new Step(
                        from.name(),
                        "route "
                                + route.get().destination()
                                + route.get().gateway().map(via -> " via " + via).orElse("")
                                + " dev "
                                + device));
        var lease = leaseWith(to);
        boolean own = lease.isPresent() && lease.get().value().publicIp().equals(from.address());
        if (own) {
            steps.add(new Step(from.name(), to + " is within its own subnet"));
            return new Way(steps, device, "");
        }
        if (lease.isEmpty()) {
            return new Way(steps, device, "no host has a subnet with " + to);
        }
        Ip host = lease.get().value().endpoints().get(to.family()).orElseThrow().publicIp();
        Optional<Ip> next = next(from, route.get(), host, steps);
        if (next.isEmpty()) {
            return new Way(steps, device, from.name() + " does not know where to send it");
        }
        if (!next.get().equals(host)) {
            return new Way(
                    steps,
                    device,
                    "it is sent to "
                            + nameOf(next.get())
                            + " and the subnet is "
                            + nameOf(host)
                            + "'s");
        }
        steps.add(
                new Step(
                        nameOf(host),
                        "has " + lease.get().subnets().get(to.family()).orElseThrow()));
        return new Way(steps, device, "");
    }

    /** The host that the packet is sent to. */
    private Optional<Ip> next(HostView from, HostTables.Route route, Ip owner, List<Step> steps) {
        String device = route.device();
        String kind = from.tables().device(device).map(HostTables.Device::kind).orElse("");
        return switch (kind) {
            case "vxlan" -> {
                var mac = route.gateway().flatMap(via -> from.tables().neighbour(device, via));
                var host = mac.flatMap(address -> from.tables().forwarding(device, address));
                mac.ifPresent(address ->
                        steps.add(new Step(from.name(), "neighbour " + address + " on " + device)));
                host.ifPresent(address ->
                        steps.add(new Step(from.name(), "in UDP to " + address + " by VXLAN")));
                yield host;
            }
            case "wireguard" -> {
                steps.add(new Step(from.name(), "encrypted to " + owner + " by WireGuard"));
                yield Optional.of(owner);
            }
            case "tun" -> {
                steps.add(new Step(from.name(), "in UDP to " + owner + " by the node program"));
                yield Optional.of(owner);
            }
            default -> {
                route.gateway()
                        .ifPresent(via -> steps.add(new Step(from.name(), "as it is to " + via)));
                yield route.gateway();
            }
        };
    }
}
