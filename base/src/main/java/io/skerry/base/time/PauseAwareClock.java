package io.skerry.base.time;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts only the time in which this process could run.
 *
 * <p>The owner calls {@link #tick} at a planned interval. A tick that comes much later than planned
 * means that the process was frozen (SIGSTOP, freezer, a suspended machine); of such a gap only the
 * planned interval is counted. Between ticks the clock stands still, so its resolution is the
 * interval. Lease clocks use it: nobody loses a lease because the keeper of the leases was stopped.
 */
public final class PauseAwareClock implements MonotonicClock {
    private final MonotonicClock source;
    private final long intervalNanos;
    private final long longestNanos;
    private long lastNanos;
    private volatile long countedNanos;

    /**
     * @param interval how often {@link #tick} will be called
     * @param longest the longest gap believed to be a late tick rather than a pause
     */
    public PauseAwareClock(MonotonicClock source, Duration interval, Duration longest) {
        if (interval.isNegative() || interval.isZero() || longest.compareTo(interval) < 0) {
            throw new IllegalArgumentException(
                    "the longest gap " + longest + " must be at least the interval " + interval);
        }
        this.source = source;
        this.intervalNanos = interval.toNanos();
        this.longestNanos = longest.toNanos();
        this.lastNanos = source.now().toNanos();
    }

    /** Accounts for the time since the last tick and returns what was recognised as a pause. */
    public synchronized Duration tick() {
        long now = source.now().toNanos();
        long gap = now - lastNanos;
        lastNanos = now;
        long counted = gap > longestNanos ? intervalNanos : gap;
        countedNanos += counted;
        return Duration.ofNanos(gap - counted);
    }

    /** The time counted up to the last tick. */
    @Override
    public Duration now() {
        return Duration.ofNanos(countedNanos);
    }

    /**
     * The same time, accounted for anew whenever it is asked. A deadline that is set by {@link
     * #now} is early by as much as the last tick is ago.
     */
    public MonotonicClock exact() {
        return () -> {
            tick();
            return now();
        };
    }

    /** Ticks on a daemon thread of its own until {@link Ticker#close}. */
    public Ticker startTicking(String threadName) {
        return new Ticker(threadName);
    }

    /** The thread behind {@link #startTicking}. */
    public final class Ticker implements AutoCloseable {
        private final Thread thread;
        private volatile boolean closed;

        private Ticker(String threadName) {
            thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name(threadName)
                            .start(() -> {
                                while (!closed) {
                                    LockSupport.parkNanos(intervalNanos);
                                    tick();
                                }
                            });
        }

        @Override
        public void close() {
            closed = true;
            LockSupport.unpark(thread);
        }
    }
}
