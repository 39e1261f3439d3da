package io.skerry.base.time;

import java.time.Duration;

/** Time that only goes forward, from an arbitrary origin. Thread-safe. */
@FunctionalInterface
public interface MonotonicClock {
    Duration now();

    /** The clock of the machine; it goes on while this process is stopped. */
    static MonotonicClock system() {
        long origin = System.nanoTime();
        return () -> Duration.ofNanos(System.nanoTime() - origin);
    }
}
