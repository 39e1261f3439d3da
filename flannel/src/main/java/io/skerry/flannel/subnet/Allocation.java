package io.skerry.flannel.subnet;

import static java.util.stream.Collectors.joining;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.NetworkConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Which subnets a host is to have, one of each family that the network has. Pure but for the dice
 * it is given.
 *
 * <p>In this order: that of the lease of its public address, also a reservation; the one it had
 * last, by its own file or as the store remembers it; one at random among the first hundred that
 * nobody has or had; the one that has been remembered for another host the longest.
 */
final class Allocation {

    /** What to do. */
    sealed interface Choice {
        record Take(Claim claim) implements Choice {}

        /** Nothing is free; the text says of what. */
        record Exhausted(String why) implements Choice {}
    }

    /** Keys at fault that are named. */
    private static final int MOST_NAMED = 10;

    private final NetworkConfig config;
    private final SubnetView view;
    private final LeaseValue value;
    private final List<Lease> own = new ArrayList<>();
    private final List<Lease> others = new ArrayList<>();

    /** Subnets of the others, and those that nobody can claim. */
    private final List<Cidr> taken = new ArrayList<>();

    private Allocation(NetworkConfig config, SubnetView view, LeaseValue value) {
        this.config = config;
        this.view = view;
        this.value = value;
        for (Lease lease : view.leases()) {
            boolean isOwn = lease.value().publicIp().equals(value.publicIp());
            (isOwn ? own : others).add(lease);
        }
        others.forEach(lease -> taken.addAll(lease.subnets().all()));
        taken.addAll(view.unreadable());
        // A reservation goes before a lease that the host came to in another way.
        own.sort(Comparator.comparing(lease -> !lease.reservation()));
    }

    /**
     * Chooses.
     *
     * @param previous what the host had when it ran last, as far as it knows
     */
    static Choice choose(
            NetworkConfig config,
            SubnetView view,
            LeaseValue value,
            List<Cidr> previous,
            RandomGenerator random) {
        return new Allocation(config, view, value).choose(previous, random);
    }

    private Choice choose(List<Cidr> previous, RandomGenerator random) {
        var chosen = new HashMap<Family, Cidr>();
        for (Family family : config.ranges().families()) {
            var free = new FreeSubnets(config.range(family), taken, view.remembered());
            Optional<Cidr> subnet =
                    wishes(family, previous).stream()
                            .filter(free::has)
                            .findFirst()
                            .or(() -> free.unused(random))
                            .or(free::leastMissed);
            if (subnet.isEmpty()) {
                return new Choice.Exhausted(exhaustion(family));
            }
            chosen.put(family, subnet.get());
        }
        return take(PerFamily.of(chosen));
    }

    /** What the host would have rather than any other, in this order. */
    private List<Cidr> wishes(Family family, List<Cidr> previous) {
        var wishes = new ArrayList<Cidr>();
        own.forEach(lease -> lease.subnets().get(family).ifPresent(wishes::add));
        previous.stream().filter(subnet -> subnet.family() == family).forEach(wishes::add);
        view.remembered().stream()
                .filter(last -> last.publicIp().equals(value.publicIp()))
                .map(Remembered::subnet)
                .filter(subnet -> subnet.family() == family)
                .forEach(wishes::add);
        return wishes;
    }

    private Choice take(PerFamily<Cidr> subnets) {
        var replacing = own.stream().filter(lease -> lease.subnets().equals(subnets)).findFirst();
        var discarded =
                own.stream()
                        .filter(lease -> !lease.reservation())
                        .filter(lease -> !Optional.of(lease).equals(replacing))
                        .toList();
        Map<Cidr, Long> noted = new HashMap<>();
        subnets.all().forEach(subnet -> noted.put(subnet, 0L));
        var forgotten = new ArrayList<Cidr>();
        for (Remembered last : view.remembered()) {
            if (noted.containsKey(last.subnet())) {
                noted.put(last.subnet(), last.modRevision());
            } else if (last.publicIp().equals(value.publicIp())) {
                forgotten.add(last.subnet());
            }
        }
        return new Choice.Take(
                new Claim(
                        view.configRevision(),
                        subnets,
                        value,
                        replacing,
                        discarded,
                        noted,
                        forgotten));
    }

    private String exhaustion(Family family) {
        var range = config.range(family);
        long reserved = others.stream().filter(Lease::reservation).count();
        return "all "
                + range.subnets()
                + " subnets from "
                + range.min()
                + " to "
                + range.max()
                + " are taken ("
                + reserved
                + " of "
                + others.size()
                + " keys are reservations): delete leases of hosts that are gone, or give the"
                + " network a larger Network, a longer SubnetLen or another SubnetMax"
                + unreadable(family);
    }

    private String unreadable(Family family) {
        List<Cidr> ofFamily =
                view.unreadable().stream().filter(subnet -> subnet.family() == family).toList();
        if (ofFamily.isEmpty()) {
            return "";
        }
        String named =
                ofFamily.stream().limit(MOST_NAMED).map(Cidr::toString).collect(joining(", "));
        return "; the values of "
                + ofFamily.size()
                + " keys are no leases, delete them: "
                + named
                + (ofFamily.size() > MOST_NAMED ? ", …" : "");
    }
}
