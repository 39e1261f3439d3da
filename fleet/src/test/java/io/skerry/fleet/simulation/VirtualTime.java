package io.skerry.fleet.simulation;

import java.time.Duration;
import java.util.PriorityQueue;

/** A clock that jumps to the next event; events at one time happen in the order of their making. */
final class VirtualTime {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private Duration now = Duration.ofSeconds(1000);
    private long made;

    private record Event(Duration at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    Duration now() {
        return now;
    }

    void after(Duration delay, Runnable action) {
        events.add(new Event(now.plus(delay), made++, action));
    }

    /** Lets everything happen that is due within that time. */
    void pass(Duration time) {
        Duration end = now.plus(time);
        while (!events.isEmpty() && events.peek().at().compareTo(end) <= 0) {
            Event event = events.poll();
            now = event.at();
            event.action().run();
        }
        now = end;
    }

    long eventsMade() {
        return made;
    }
}
