package io.skerry.chaos.fault;

import io.skerry.chaos.cluster.Link;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Plans faults: the same seed, members, kinds and time give the same plan. */
public final class FaultPlan {
    private static final int FIRST_MILLIS = 1_500;
    private static final int SHORTEST_MILLIS = 500;
    private static final int LONGEST_MILLIS = 5_000;
    private static final int CALM_MILLIS = 3_000;
    private static final int CUT = 100;

    private final Random random;
    private final int members;

    /** Not in the order of a hash, which differs from run to run. */
    private final List<FaultKind> kinds;

    /** What is left of all kinds, mixed, before they are dealt out again. */
    private final Deque<FaultKind> deck = new ArrayDeque<>();

    private FaultPlan(Random random, int members, Set<FaultKind> kinds) {
        this.random = random;
        this.members = members;
        this.kinds = kinds.stream().sorted().toList();
    }

    /**
     * Faults, one after another with some that overlap, all of them over when the time is. Every
     * kind comes before any comes again, and a member is never replaced in calm: the next fault
     * begins while that goes on.
     */
    public static List<PlannedFault> of(
            long seed, int members, Set<FaultKind> kinds, Duration time) {
        var plan = new ArrayList<PlannedFault>();
        if (kinds.isEmpty()) {
            return plan;
        }
        var maker = new FaultPlan(new Random(seed), members, kinds);
        long at = FIRST_MILLIS;
        while (true) {
            long length = maker.between(SHORTEST_MILLIS, LONGEST_MILLIS);
            if (at + length > time.toMillis()) {
                return plan;
            }
            FaultKind kind = maker.nextKind();
            boolean atLeader = maker.random.nextBoolean();
            plan.add(new PlannedFault(at, at + length, maker.fault(kind), atLeader));
            if (kind == FaultKind.MEMBER) {
                at += maker.between(0, SHORTEST_MILLIS);
            } else {
                boolean overlapping = maker.random.nextInt(4) == 0;
                at += overlapping ? length / 2 : length + maker.between(0, CALM_MILLIS);
            }
        }
    }

    private FaultKind nextKind() {
        if (deck.isEmpty()) {
            var mixed = new ArrayList<>(kinds);
            Collections.shuffle(mixed, random);
            deck.addAll(mixed);
        }
        return deck.remove();
    }

    private int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    private Fault fault(FaultKind kind) {
        return switch (kind) {
            case KILL -> new Fault.Kill(victims(true));
            case PAUSE -> new Fault.Pause(victims(false));
            case TORN -> new Fault.Torn(random.nextInt(members));
            case FULL -> new Fault.FullDisk(random.nextInt(members));
            case SLOW -> new Fault.SlowDisk(random.nextInt(members), between(2, 20));
            case CLOCK -> new Fault.Clock(random.nextInt(members), jump());
            case MEMBER -> new Fault.Replace(random.nextInt(members), random.nextBoolean());
            case PARTITION -> partition();
            case LOSS -> new Fault.Loss("loss on all links", all(), between(5, 40));
        };
    }

    /** Seconds to days, either way. */
    private Duration jump() {
        long seconds = 1L << between(3, 20);
        return Duration.ofSeconds(random.nextBoolean() ? seconds : -seconds);
    }

    /** Mostly one, sometimes a majority, seldom all. */
    private Set<Integer> victims(boolean all) {
        int dice = random.nextInt(10);
        int count = dice < 6 ? 1 : dice < 9 || !all ? members / 2 + 1 : members;
        return new HashSet<>(shuffled().subList(0, count));
    }

    private List<Integer> shuffled() {
        var numbers = new ArrayList<>(IntStream.range(0, members).boxed().toList());
        // Member 0 comes first half of the time: it may stand for the leader.
        Collections.shuffle(numbers, random);
        if (random.nextBoolean()) {
            numbers.remove(Integer.valueOf(0));
            numbers.addFirst(0);
        }
        return numbers;
    }

    private Fault partition() {
        List<Integer> order = shuffled();
        int minority = members == 1 ? 0 : between(1, Math.max(1, (members - 1) / 2));
        return switch (random.nextInt(4)) {
            case 0 -> {
                var links = new HashSet<Link>();
                between(order, minority, links, true);
                yield new Fault.Loss("cut off " + order.subList(0, minority), links, CUT);
            }
            case 1 -> {
                var links = new HashSet<Link>();
                between(order, minority, links, false);
                yield new Fault.Loss(
                        "cut what " + order.subList(0, minority) + " sends", links, CUT);
            }
            case 2 -> {
                var links = new HashSet<Link>();
                between(order, minority, links, false);
                var back = new HashSet<Link>();
                links.forEach(link -> back.add(new Link(link.to(), link.from())));
                yield new Fault.Loss(
                        "cut what " + order.subList(0, minority) + " receives", back, CUT);
            }
            default -> bridge(order);
        };
    }

    /** Two halves that do not see each other, and one member that sees both. */
    private Fault bridge(List<Integer> order) {
        var others = order.subList(1, order.size());
        var links = new HashSet<Link>();
        between(others, others.size() / 2, links, true);
        return new Fault.Loss("bridge at " + order.getFirst(), links, CUT);
    }

    private static void between(List<Integer> order, int first, Set<Link> links, boolean bothWays) {
        for (int a : order.subList(0, first)) {
            for (int b : order.subList(first, order.size())) {
                links.add(new Link(a, b));
                if (bothWays) {
                    links.add(new Link(b, a));
                }
            }
        }
    }

    private Set<Link> all() {
        var links = new HashSet<Link>();
        for (int a = 0; a < members; a++) {
            for (int b = 0; b < members; b++) {
                if (a != b) {
                    links.add(new Link(a, b));
                }
            }
        }
        return links;
    }
}
