package io.skerry.flannel;

import java.util.Random;

/**
 * Runs a random test for several seeds and tells which one failed; {@code -Dseed=N} runs only that.
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
        for (int i = 0; i < count; i++) {
            one(System.nanoTime() ^ i, body);
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
