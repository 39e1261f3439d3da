package io.skerry.bench.store;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which loads to run and for how long.
 *
 * @param members numbers of members
 * @param workloads closed loops
 * @param scenarios what is done besides
 * @param inFlight numbers of calls under way at once
 * @param rounds how often both stores take their turn
 * @param time of one turn
 * @param warmUp time of each workload on each store before the first turn
 * @param requestLimit of one turn, whichever comes first
 * @param sizes of the scenarios
 */
public record StorePlan(
        List<Integer> members,
        List<Workload> workloads,
        List<Scenario> scenarios,
        List<Integer> inFlight,
        int rounds,
        Duration time,
        Duration warmUp,
        long requestLimit,
        Sizes sizes) {
    private static final int MAX_MEMBERS = 7;
    private static final int MAX_IN_FLIGHT = 10_000;
    private static final int MAX_ROUNDS = 50;
    private static final Duration MAX_TIME = Duration.ofMinutes(10);

    /** Refuses plans without end or sense, with a message for users. */
    public StorePlan {
        members = List.copyOf(members);
        workloads = List.copyOf(workloads);
        scenarios = List.copyOf(scenarios);
        inFlight = List.copyOf(inFlight);
        members.forEach(n -> FlagRange.check("--members", n, 1, MAX_MEMBERS));
        inFlight.forEach(n -> FlagRange.check("--in-flight", n, 1, MAX_IN_FLIGHT));
        FlagRange.check("--rounds", rounds, 1, MAX_ROUNDS);
        FlagRange.check("--seconds", time.toSeconds(), 1, MAX_TIME.toSeconds());
        FlagRange.check("--warm-up", warmUp.toSeconds(), 1, MAX_TIME.toSeconds());
        FlagRange.check("--requests", requestLimit, 1, Long.MAX_VALUE);
    }

    /** Names of everything that can be measured. */
    public static List<String> names() {
        return Stream.concat(
                        Arrays.stream(Workload.values()).map(Workload::label),
                        Scenario.all().stream().map(Scenario::label))
                .toList();
    }

    /**
     * A plan with workloads and scenarios by their names.
     *
     * @throws IllegalArgumentException with a message for users
     */
    public static StorePlan of(
            List<Integer> members,
            List<String> names,
            List<Integer> inFlight,
            int rounds,
            Duration time,
            Duration warmUp,
            long requestLimit,
            Sizes sizes) {
        List<String> known = names();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "--workload " + name + " is none of " + String.join(", ", known));
            }
        }
        return new StorePlan(
                members,
                names.stream().flatMap(name -> Workload.of(name).stream()).toList(),
                Scenario.all().stream().filter(s -> names.contains(s.label())).toList(),
                inFlight,
                rounds,
                time,
                warmUp,
                requestLimit,
                sizes);
    }
}
