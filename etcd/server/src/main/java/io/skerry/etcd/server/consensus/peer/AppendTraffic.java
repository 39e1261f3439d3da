package io.skerry.etcd.server.consensus.peer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/** How many requests with log entries a member sent and received, and how fast. Thread-safe. */
public final class AppendTraffic {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Flow sent = new Flow();
    private final Flow received = new Flow();
    private final Map<Long, Follower> followers = new TreeMap<>();

    /** What {@code /v2/stats} tells of one direction; rates are 0 when nothing came of late. */
    public record Direction(long requests, double requestsPerSecond, double bytesPerSecond) {}

    /** How one follower answers; times in milliseconds. */
    public record Latency(
            double current,
            double average,
            double standardDeviation,
            double minimum,
            double maximum,
            long failures,
            long successes) {}

    public synchronized void sent(int bytes) {
        sent.add(bytes);
    }

    public synchronized void received(int bytes) {
        received.add(bytes);
    }

    /** A follower has taken entries. */
    public synchronized void answered(long member, Duration after) {
        followers
                .computeIfAbsent(member, _ -> new Follower())
                .add(after.toNanos() / NANOS_PER_MILLI);
    }

    /** A follower has not answered, or not been reached. */
    public synchronized void failed(long member) {
        followers.computeIfAbsent(member, _ -> new Follower()).failures++;
    }

    public synchronized Direction sent() {
        return sent.now();
    }

    public synchronized Direction received() {
        return received.now();
    }

    /** By member id. */
    public synchronized Map<Long, Latency> followers() {
        var latencies = new TreeMap<Long, Latency>();
        followers.forEach((member, follower) -> latencies.put(member, follower.now()));
        return latencies;
    }

    /** Counts all, and keeps the newest for the rates. */
    private static final class Flow {
        private static final int KEPT = 200;
        private static final double NANOS_PER_SECOND = 1e9;

        private record Request(long nanos, int bytes) {}

        private final ArrayDeque<Request> newest = new ArrayDeque<>();
        private long requests;
        private long bytesKept;

        void add(int bytes) {
            requests++;
            bytesKept += bytes;
            newest.addLast(new Request(System.nanoTime(), bytes));
            if (newest.size() > KEPT) {
                bytesKept -= newest.removeFirst().bytes;
            }
        }

        Direction now() {
            if (newest.size() < 2
                    || System.nanoTime() - newest.getLast().nanos > NANOS_PER_SECOND) {
                return new Direction(requests, 0, 0);
            }
            double seconds =
                    Math.max(1, newest.getLast().nanos - newest.getFirst().nanos)
                            / NANOS_PER_SECOND;
            return new Direction(requests, newest.size() / seconds, bytesKept / seconds);
        }
    }

    private static final class Follower {
        private double current;
        private double sum;
        private double sumOfSquares;
        private double minimum = Double.MAX_VALUE;
        private double maximum;
        private long failures;
        private long successes;

        void add(double millis) {
            successes++;
            current = millis;
            sum += millis;
            sumOfSquares += millis * millis;
            minimum = Math.min(minimum, millis);
            maximum = Math.max(maximum, millis);
        }

        Latency now() {
            if (successes == 0) {
                return new Latency(0, 0, 0, 0, 0, failures, 0);
            }
            double average = sum / successes;
            double variance = Math.max(0, sumOfSquares / successes - average * average);
            return new Latency(
                    current, average, Math.sqrt(variance), minimum, maximum, failures, successes);
        }
    }
}
