package io.skerry.etcd.server;

import java.util.PriorityQueue;
import java.util.Random;

/**
 * Things that happen one after another on one thread, each at its time. Nothing waits; what is due
 * at the same time happens in the order in which it was asked for.
 */
public final class VirtualTime {
    private final PriorityQueue<Happening> due = new PriorityQueue<>();
    private final Random random;
    private long nowMillis;
    private long number;

    /** Time 0; delays are drawn from the given source. */
    public VirtualTime(Random random) {
        this.random = random;
    }

    /** What happens. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    private record Happening(long atMillis, long number, Action action)
            implements Comparable<Happening> {
        @Override
        public int compareTo(Happening other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** Lets something happen once, within so many milliseconds from now. */
    public void within(int millis, Action action) {
        due.add(new Happening(nowMillis + random.nextInt(millis + 1), number++, action));
    }

    /** Lets something happen again and again, each time within so many milliseconds. */
    public void every(int millis, Action action) {
        within(
                millis,
                () -> {
                    action.run();
                    every(millis, action);
                });
    }

    /** Lets what is due first happen; false if nothing is. */
    public boolean step() throws Exception {
        Happening next = due.poll();
        if (next == null) {
            return false;
        }
        nowMillis = next.atMillis;
        next.action.run();
        return true;
    }

    /** Lets everything happen that is due until then. */
    public void runUntil(long millis) throws Exception {
        while (!due.isEmpty() && due.peek().atMillis <= millis) {
            step();
        }
    }

    /** Forgets what was to happen. */
    public void clear() {
        due.clear();
    }
}
