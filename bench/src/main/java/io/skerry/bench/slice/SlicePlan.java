package io.skerry.bench.slice;

import io.skerry.bench.store.FlagRange;
import java.time.Duration;

/**
 * What is to be measured.
 *
 * @param playground name of the playground that is made for it and removed
 * @param units on each host when a host dies
 * @param rounds how often what is short is repeated; the median counts
 * @param idle how long the cluster is left alone before its memory is read
 * @param freeze how long the store is frozen
 */
public record SlicePlan(String playground, int units, int rounds, Duration idle, Duration freeze) {
    /** Hosts that are members of the store. */
    static final int MEMBERS = 3;

    /** The lease of a host that the playground's configuration leaves at its default. */
    static final Duration LEASE = Duration.ofSeconds(10);

    private static final int MAX_UNITS = 200;
    private static final int MAX_ROUNDS = 100;
    private static final long MAX_SECONDS = 600;

    /** Checked as a user gives it. */
    public SlicePlan {
        FlagRange.check("--units", units, 1, MAX_UNITS);
        FlagRange.check("--rounds", rounds, 1, MAX_ROUNDS);
        FlagRange.check("--idle", idle.toSeconds(), 0, MAX_SECONDS);
        FlagRange.check("--freeze", freeze.toSeconds(), 0, MAX_SECONDS);
    }
}
