package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.config.NetworkConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which subnet a host is to have. Pure but for the dice it is given.
 *
 * <p>In this order: the lease of its public address, also a reservation; the subnet it had last, by
 * its own file or as the store remembers it; one at random among the first hundred that nobody has
 * or had; the one that has been remembered for another host the longest.
 */
final class Allocation {
    private static final int FIRST_FREE = 100;

    /** What to do. */
    sealed interface Choice {
        record Take(Claim claim) implements Choice {}

        /** Nothing is free; the text says of what. */
        record Exhausted(String why) implements Choice {}
    }

    private final NetworkConfig config;
    private final SubnetView view;
    private final LeaseValue value;
    private final List<Lease> own = new ArrayList<>();
    private final List<Lease> others = new ArrayList<>();
    private final Set<Cidr4> taken = new HashSet<>();
    private final List<Cidr4> ofOtherLengths = new ArrayList<>();

    private Allocation(NetworkConfig config, SubnetView view, LeaseValue value) {
        this.config = config;
        this.view = view;
        this.value = value;
        for (Lease lease : view.leases()) {
            (isOwn(lease) ? own : others).add(lease);
        }
        for (Lease lease : others) {
            if (lease.subnet().length() == config.subnetLength()) {
                taken.add(lease.subnet());
            } else {
                ofOtherLengths.add(lease.subnet());
            }
        }
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
            Optional<Cidr4> previous,
            RandomGenerator random) {
        return new Allocation(config, view, value).choose(previous, random);
    }

    private boolean isOwn(Lease lease) {
        return lease.value().publicIp().equals(value.publicIp());
    }

    private Choice choose(Optional<Cidr4> previous, RandomGenerator random) {
        // A reservation goes before a lease that the host came to in another way.
        own.sort(Comparator.comparing(lease -> !lease.reservation()));
        for (Lease lease : own) {
            if (config.allows(lease.subnet()) && isFree(lease.subnet())) {
                return take(lease.subnet(), Optional.of(lease));
            }
        }
        Optional<Cidr4> subnet =
                previous.filter(this::isUsable)
                        .or(() -> rememberedFor(value.publicIp()))
                        .or(() -> unused(random))
                        .or(this::leastMissed);
        return subnet.map(chosen -> take(chosen, Optional.empty()))
                .orElseGet(() -> new Choice.Exhausted(exhaustion()));
    }

    private boolean isUsable(Cidr4 subnet) {
        return config.allows(subnet) && isFree(subnet);
    }

    private boolean isFree(Cidr4 subnet) {
        return !taken.contains(subnet) && ofOtherLengths.stream().noneMatch(subnet::overlaps);
    }

    private Optional<Cidr4> rememberedFor(Ip4 host) {
        return view.remembered().stream()
                .filter(last -> last.publicIp().equals(host))
                .map(Remembered::subnet)
                .filter(this::isUsable)
                .findFirst();
    }

    private Optional<Cidr4> unused(RandomGenerator random) {
        var missed = new HashSet<Cidr4>();
        view.remembered().forEach(last -> missed.add(last.subnet()));
        var free = new ArrayList<Cidr4>();
        for (int i = 0; i < config.subnets() && free.size() < FIRST_FREE; i++) {
            Cidr4 subnet = config.subnet(i);
            if (!missed.contains(subnet) && isFree(subnet)) {
                free.add(subnet);
            }
        }
        return free.isEmpty()
                ? Optional.empty()
                : Optional.of(free.get(random.nextInt(free.size())));
    }

    private Optional<Cidr4> leastMissed() {
        return view.remembered().stream()
                .sorted(Comparator.comparingLong(Remembered::modRevision))
                .map(Remembered::subnet)
                .filter(this::isUsable)
                .findFirst();
    }

    private Choice take(Cidr4 subnet, Optional<Lease> replacing) {
        var discarded =
                own.stream()
                        .filter(lease -> !lease.reservation())
                        .filter(lease -> !Optional.of(lease).equals(replacing))
                        .toList();
        var forgotten =
                view.remembered().stream()
                        .filter(last -> last.publicIp().equals(value.publicIp()))
                        .map(Remembered::subnet)
                        .filter(last -> !last.equals(subnet))
                        .toList();
        return new Choice.Take(
                new Claim(view.configRevision(), subnet, value, replacing, discarded, forgotten));
    }

    private String exhaustion() {
        long reserved = others.stream().filter(Lease::reservation).count();
        return "all "
                + config.subnets()
                + " subnets from "
                + config.subnet(0)
                + " to "
                + config.subnet(config.subnets() - 1)
                + " are taken ("
                + reserved
                + " of "
                + others.size()
                + " keys are reservations): delete leases of hosts that are gone, or give the"
                + " network a larger Network, a longer SubnetLen or another SubnetMax";
    }
}
