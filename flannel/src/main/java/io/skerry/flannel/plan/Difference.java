package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.WireguardKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The changes from what is to what shall be. The device comes first, since all else hangs on it;
 * then for new peers where their frames go before the route that sends any; what is stale goes
 * last, routes before what they need.
 */
public final class Difference {
    private final Wanted wanted;
    private final List<Change> changes = new ArrayList<>();

    private Difference(Wanted wanted) {
        this.wanted = wanted;
    }

    /** Empty when all is as it shall be. */
    public static List<Change> between(Wanted wanted, Observed observed) {
        var difference = new Difference(wanted);
        Observed rest = difference.device(observed);
        difference.peers(rest);
        return List.copyOf(difference.changes);
    }

    /** What goes when a network is no longer to be: its device, and its routes. */
    public static List<Change> removal(Wanted former, Observed observed) {
        var changes = new ArrayList<Change>();
        String device = former.device().map(DeviceSpec::name).orElse("");
        for (Route route : sorted(observed.routes(), Route::destination)) {
            // Those that leave by the device go with it.
            if (former.owns(route) && !route.device().equals(device)) {
                changes.add(new Change.RemoveRoute(route));
            }
        }
        if (observed.device().isPresent()) {
            changes.add(new Change.RemoveDevice(device));
        }
        return changes;
    }

    private Observed device(Observed observed) {
        if (wanted.device().isEmpty()) {
            return observed;
        }
        DeviceSpec device = wanted.device().get();
        String name = device.name();
        boolean usable =
                observed.device().isPresent() && observed.device().get().sameButFor(device);
        if (usable) {
            int mtu = observed.device().orElseThrow().mtu();
            if (mtu != device.mtu()) {
                changes.add(new Change.SetMtu(name, device.mtu()));
            }
            addresses(name, observed.addresses());
            if (!observed.up()) {
                changes.add(new Change.SetUp(name));
            }
            return observed;
        }
        if (observed.device().isPresent() || observed.foreignDevice()) {
            changes.add(new Change.RemoveDevice(name));
        }
        changes.add(new Change.AddDevice(device));
        if (device instanceof DeviceSpec.Tun) {
            changes.add(new Change.SetMtu(name, device.mtu())); // is made without one
        }
        addresses(name, Set.of());
        changes.add(new Change.SetUp(name));
        return observed.withoutDevice(name);
    }

    private void addresses(String device, Set<Cidr> present) {
        for (Cidr address : minus(wanted.addresses(), present)) {
            changes.add(new Change.AddAddress(device, address));
        }
        for (Cidr address : minus(present, wanted.addresses())) {
            changes.add(new Change.RemoveAddress(device, address));
        }
    }

    private void peers(Observed observed) {
        String device = wanted.device().map(DeviceSpec::name).orElse("");
        put(
                wanted.neighbours(),
                observed.neighbours(),
                entry -> new Change.PutNeighbour(device, entry));
        put(
                wanted.forwardings(),
                observed.forwardings(),
                entry -> new Change.PutForwarding(device, entry));
        tunnels(device, observed.tunnels());
        routes(observed.routes());
        var kept = new HashSet<>();
        wanted.forwardings().forEach(entry -> kept.add(entry.mac()));
        for (Forwarding stale : minus(observed.forwardings(), wanted.forwardings())) {
            if (!kept.contains(stale.mac())) {
                changes.add(new Change.RemoveForwarding(device, stale));
            }
        }
        var answered = new HashSet<>();
        wanted.neighbours().forEach(entry -> answered.add(entry.address()));
        for (Neighbour stale : minus(observed.neighbours(), wanted.neighbours())) {
            if (!answered.contains(stale.address())) {
                changes.add(new Change.RemoveNeighbour(device, stale));
            }
        }
    }

    /** What one peer is given of another's subnets is the other's no more. */
    private void tunnels(String device, Set<Tunnel> present) {
        var known = new HashMap<WireguardKey, Tunnel>();
        present.forEach(tunnel -> known.put(tunnel.peer(), tunnel));
        for (Tunnel tunnel : wanted.tunnels()) {
            Tunnel found = known.remove(tunnel.peer());
            if (found == null || !tunnel.isServedBy(found)) {
                changes.add(new Change.PutTunnel(device, tunnel));
            }
        }
        known.keySet().forEach(stale -> changes.add(new Change.RemoveTunnel(device, stale)));
    }

    private void routes(Set<Route> present) {
        var stale =
                sorted(minus(present, wanted.routes()), Route::destination).stream()
                        .filter(wanted::owns)
                        .toList();
        if (wanted.overlay().family() == Family.IPV6) {
            // Before a gateway is taken as on the link, the kernel looks where it would go now.
            stale.forEach(route -> changes.add(new Change.RemoveRoute(route)));
            put(wanted.routes(), present, Change.PutRoute::new);
            return;
        }
        put(wanted.routes(), present, Change.PutRoute::new);
        // A route that is put replaces the one to the same place: removing it would be an error.
        var replaced = new HashSet<Cidr>();
        wanted.routes().forEach(route -> replaced.add(route.destination()));
        for (Route route : stale) {
            if (!replaced.contains(route.destination()) || route.metric() != 0) {
                changes.add(new Change.RemoveRoute(route));
            }
        }
    }

    private <T> void put(Set<T> wanted, Set<T> present, Function<T, Change> change) {
        minus(wanted, present).forEach(entry -> changes.add(change.apply(entry)));
    }

    private static <T> Collection<T> minus(Set<T> from, Set<T> without) {
        return from.stream().filter(entry -> !without.contains(entry)).toList();
    }

    private static <T, K extends Comparable<K>> List<T> sorted(
            Collection<T> entries, Function<T, K> by) {
        return entries.stream().sorted(Comparator.comparing(by)).toList();
    }
}
