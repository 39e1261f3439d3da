package io.skerry.etcd.server;

import java.util.Random;

/**
 * Runs a random test for several seeds, the same each time, and tells which one failed; {@code
 * -Dseed=N} runs only that, {@code -Dseeds.from=N} as many from there on.
 */
public final class Seeds {
    private Seeds() {}

    /** A test body that takes all its chance from the given source. */
    @FunctionalInterface
    public interface Body {
        void run(Random random) throws Exception;
    }

    public static void each(int count, Body body) {
        var replayed = Long.getLong("seed");
        if (replayed != null) {
            one(replayed, body);
            return;
        }
        long first = Long.getLong("seeds.from", 1);
        for (long seed = first; seed < first + count; seed++) {
            one(seed, body);
        }
    }

    private static void one(long seed, Body body) {
        try {
            body.run(new Random(seed));
        } catch (Throwable e) {
            throw new AssertionError("failed with -Dseed=" + seed + ": " + e, e);
        }
    }
}
