package io.skerry.etcd.server.v2store;

import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The newest events of the tree, on every member the same, kept with the data: a watch may go on
 * where it was after any restart, whatever v3 compacts. Written by the thread that applies the log.
 */
final class EventHistory {
    static final String MAP = "v2-events";

    /** How many events are kept, as many as etcd keeps. */
    static final int CAPACITY = 1000;

    /**
     * Indices begin at 1, so this key holds something else: the index of the last event given up.
     */
    private static final byte[] CLEARED = key(0);

    private final OrderedMap stored;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private long clearedThrough;

    /** Events in order, and the index of the newest one that is there no more; 0 if none is. */
    record Content(List<Event> events, long clearedThrough) {
        Content {
            events = List.copyOf(events);
        }
    }

    EventHistory(Engine engine) {
        this.stored = engine.map(MAP);
        var scan = stored.snapshot().ascending(new byte[0], null);
        while (scan.next()) {
            if (ByteBuffer.wrap(scan.key()).getLong() == 0) {
                clearedThrough = ByteBuffer.wrap(scan.value()).getLong();
            } else {
                events.addLast(OutcomeCodec.decodeEvent(scan.value()));
            }
        }
    }

    void add(Event event) {
        events.addLast(event);
        stored.put(key(event.index()), OutcomeCodec.encode(event));
        if (events.size() > CAPACITY) {
            clearedThrough = events.removeFirst().index();
            stored.remove(key(clearedThrough));
            stored.put(CLEARED, key(clearedThrough));
        }
    }

    Content content() {
        return new Content(List.copyOf(events), clearedThrough);
    }

    private static byte[] key(long index) {
        return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
    }
}
