package io.skerry.bench.store;

import java.time.Duration;
import java.util.List;

/**
 * Which loads to run and for how long.
 *
 * @param members numbers of members
 * @param inFlight numbers of calls under way at once
 * @param rounds how often both stores take their turn
 * @param time of one turn
 * @param warmUp time of each workload on each store before the first turn
 * @param requestLimit of one turn, whichever comes first
 */
public record StorePlan(
        List<Integer> members,
        List<Workload> workloads,
        List<Integer> inFlight,
        int rounds,
        Duration time,
        Duration warmUp,
        long requestLimit) {
    private static final int MAX_MEMBERS = 7;
    private static final int MAX_IN_FLIGHT = 10_000;
    private static final int MAX_ROUNDS = 50;
    private static final Duration MAX_TIME = Duration.ofMinutes(10);

    /** Refuses plans without end or sense, with a message for users. */
    public StorePlan {
        members = List.copyOf(members);
        workloads = List.copyOf(workloads);
        inFlight = List.copyOf(inFlight);
        members.forEach(n -> check("--members", n, MAX_MEMBERS));
        inFlight.forEach(n -> check("--in-flight", n, MAX_IN_FLIGHT));
        check("--rounds", rounds, MAX_ROUNDS);
        check("--seconds", time.toSeconds(), MAX_TIME.toSeconds());
        check("--warm-up", warmUp.toSeconds(), MAX_TIME.toSeconds());
        check("--requests", requestLimit, Long.MAX_VALUE);
    }

    /**
     * A plan with workloads by their names.
     *
     * @throws IllegalArgumentException with a message for users
     */
    public static StorePlan of(
            List<Integer> members,
            List<String> workloads,
            List<Integer> inFlight,
            int rounds,
            Duration time,
            Duration warmUp,
            long requestLimit) {
        List<Workload> known = workloads.stream().map(StorePlan::workload).toList();
        return new StorePlan(members, known, inFlight, rounds, time, warmUp, requestLimit);
    }

    private static Workload workload(String label) {
        return Workload.of(label)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "--workloads "
                                        + label
                                        + " is none of put, range, serializable-range"));
    }

    private static void check(String option, long value, long most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    option
                            + " "
                            + value
                            + " is not within 1 to "
                            + (most == Long.MAX_VALUE ? "2^63" : most));
        }
    }
}
