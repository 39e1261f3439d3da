package io.skerry.testbed.hosts;

import java.time.Duration;
import java.util.function.Supplier;

/** A limit for waiting on something the kernel tells only when asked again and again. */
final class Deadline {
    private final Duration limit;
    private final long endNanos;

    private Deadline(Duration limit) {
        this.limit = limit;
        this.endNanos = System.nanoTime() + limit.toNanos();
    }

    static Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    boolean passed() {
        return System.nanoTime() - endNanos >= 0;
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    /**
     * Waits a moment before the next look.
     *
     * @throws PlaygroundException if the time is over, with what did not happen
     */
    void pause(Duration tick, Supplier<String> failure)
            throws PlaygroundException, InterruptedException {
        if (passed()) {
            throw new PlaygroundException(
                    failure.get() + " within " + limit.toSeconds() + " seconds");
        }
        Thread.sleep(tick);
    }
}
