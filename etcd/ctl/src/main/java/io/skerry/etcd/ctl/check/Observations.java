package io.skerry.etcd.ctl.check;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What writers saw. Thread-safe. */
public final class Observations {
    private static final double NANOS = 1e9;

    private final long startNanos = System.nanoTime();
    private final SortedMap<String, Integer> errors = new TreeMap<>();
    private long count;
    private double sum;
    private double squares;
    private double slowest;
    private long endNanos = startNanos;

    synchronized void written(Duration took) {
        double seconds = took.toNanos() / NANOS;
        count++;
        sum += seconds;
        squares += seconds * seconds;
        slowest = Math.max(slowest, seconds);
        endNanos = System.nanoTime();
    }

    synchronized void failed(String reason) {
        errors.merge(reason, 1, Integer::sum);
    }

    /** How often each failure was met. */
    public synchronized Map<String, Integer> errors() {
        return Map.copyOf(errors);
    }

    public synchronized long count() {
        return count;
    }

    public synchronized double writesPerSecond() {
        double seconds = (endNanos - startNanos) / NANOS;
        return seconds == 0 ? 0 : count / seconds;
    }

    public synchronized double slowestSeconds() {
        return slowest;
    }

    /** The standard deviation of the times that writes took. */
    public synchronized double deviationSeconds() {
        if (count == 0) {
            return 0;
        }
        double mean = sum / count;
        return Math.sqrt(Math.max(0, squares / count - mean * mean));
    }
}
