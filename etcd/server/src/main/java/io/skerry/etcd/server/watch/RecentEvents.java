package io.skerry.etcd.server.watch;

import java.util.function.Predicate;

/**
 * The newest events that were dispatched, so that watchers that are a little late need not read the
 * event log, each for itself, and share what is encoded already. Without gaps from some revision on
 * to the newest dispatched. Guarded by the hub's lock.
 */
final class RecentEvents {
    private static final int MAX_EVENTS = 1 << 13;
    private static final long MAX_BYTES = 4 << 20;

    /** About what an event takes besides its key and values. */
    private static final int EVENT_BYTES = 200;

    private final SharedEvent[] ring = new SharedEvent[MAX_EVENTS];
    private int head;
    private int count;
    private long bytes;

    /** Every event of this revision and of later ones is here. */
    private long complete;

    /**
     * @param revision newest revision that was dispatched
     */
    RecentEvents(long revision) {
        this.complete = revision + 1;
    }

    /** Takes the next event in order. */
    void add(SharedEvent event) {
        if (count == MAX_EVENTS) {
            dropOldest();
        }
        ring[index(count)] = event;
        count++;
        bytes += sizeOf(event);
        while (bytes > MAX_BYTES) {
            dropOldest();
        }
    }

    /** What comes after this revision follows on nothing that is here. */
    void restartAfter(long revision) {
        while (count > 0) {
            dropOldest();
        }
        complete = revision + 1;
    }

    /** Whether every event from this revision on is here. */
    boolean cover(long revision) {
        return revision >= complete;
    }

    /**
     * Events from a revision on, in order, until the consumer says stop.
     *
     * @param consumer returns false to stop
     */
    void from(long revision, Predicate<SharedEvent> consumer) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ring[index(middle)].change().revision() < revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        while (low < count && consumer.test(ring[index(low)])) {
            low++;
        }
    }

    private int index(int number) {
        return (head + number) & (MAX_EVENTS - 1);
    }

    // The place is free: nobody reads it before it is written anew.
    @SuppressWarnings("NullAway")
    private void dropOldest() {
        var oldest = ring[head];
        ring[head] = null;
        head = index(1);
        count--;
        bytes -= sizeOf(oldest);
        complete = Math.max(complete, oldest.change().revision() + 1);
    }

    private static long sizeOf(SharedEvent event) {
        var change = event.change();
        long size = (long) EVENT_BYTES + change.key().length;
        size += change.now() == null ? 0 : change.now().valueBytes();
        return size + (change.before() == null ? 0 : change.before().valueBytes());
    }
}
