package io.skerry.base.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told to advance: for simulations and tests. */
public final class ManualClock implements MonotonicClock {
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public Duration now() {
        return Duration.ofNanos(nanos.get());
    }

    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("a clock cannot go back by " + step.negated());
        }
        nanos.addAndGet(step.toNanos());
    }
}
