package io.skerry.testbed.system.fleet;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what comes about by itself. */
final class Waiting {
    private static final Duration TICK = Duration.ofMillis(100);

    private Waiting() {}

    /**
     * Asks again until the answer is true. A question that fails counts as no: while something
     * breaks and heals, not every question has an answer.
     */
    static void until(String what, Duration limit, Callable<Boolean> condition)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Throwable failure = null;
            try {
                if (condition.call()) {
                    return;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | AssertionError e) {
                failure = e;
            }
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("not within " + limit + ": " + what, failure);
            }
            Thread.sleep(TICK);
        }
    }
}
