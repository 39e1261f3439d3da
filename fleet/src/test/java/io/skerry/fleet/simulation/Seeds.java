package io.skerry.fleet.simulation;

import java.util.function.LongConsumer;

/** Runs a test for many seeds; a failure tells its seed, which {@code -Dseed=N} runs alone. */
public final class Seeds {
    private Seeds() {}

    /** Runs the test for the seeds 1 to {@code count}, or for the one given by {@code -Dseed}. */
    public static void each(int count, LongConsumer test) {
        Long only = Long.getLong("seed");
        if (only != null) {
            test.accept(only);
            return;
        }
        for (long seed = 1; seed <= count; seed++) {
            try {
                test.accept(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with -Dseed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
