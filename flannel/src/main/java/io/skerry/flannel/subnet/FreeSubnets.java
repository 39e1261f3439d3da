package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.config.SubnetRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The subnets of one range that a host may take, as they overlap none that is taken. */
final class FreeSubnets {
    private static final int FIRST_FREE = 100;

    private final SubnetRange range;
    private final List<Remembered> remembered;
    private final Set<Cidr> taken = new HashSet<>();
    private final List<Cidr> takenOfOtherLengths = new ArrayList<>();

    /**
     * @param taken what is not for this host, of any family
     * @param remembered who had subnets last, of any family
     */
    FreeSubnets(SubnetRange range, List<Cidr> taken, List<Remembered> remembered) {
        this.range = range;
        this.remembered = remembered;
        taken.stream()
                .filter(subnet -> subnet.family() == range.min().family())
                .forEach(this::take);
    }

    private void take(Cidr subnet) {
        if (subnet.length() == range.subnetLength()) {
            taken.add(subnet);
        } else {
            takenOfOtherLengths.add(subnet);
        }
    }

    boolean has(Cidr subnet) {
        return range.allows(subnet)
                && !taken.contains(subnet)
                && takenOfOtherLengths.stream().noneMatch(subnet::overlaps);
    }

    /** One at random among the first that nobody has or had. */
    Optional<Cidr> unused(RandomGenerator random) {
        var missed = new HashSet<Cidr>();
        remembered.forEach(last -> missed.add(last.subnet()));
        var free = new ArrayList<Cidr>();
        int count = range.subnets();
        for (int i = 0; i < count && free.size() < FIRST_FREE; i++) {
            Cidr subnet = range.subnet(i);
            if (!missed.contains(subnet) && has(subnet)) {
                free.add(subnet);
            }
        }
        return free.isEmpty()
                ? Optional.empty()
                : Optional.of(free.get(random.nextInt(free.size())));
    }

    /** The one that has been remembered for another host the longest. */
    Optional<Cidr> leastMissed() {
        return remembered.stream()
                .sorted(Comparator.comparingLong(Remembered::modRevision))
                .map(Remembered::subnet)
                .filter(this::has)
                .findFirst();
    }
}
