package io.skerry.etcd.server.watch;

import com.google.protobuf.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that are told together, joined once, however many watchers they are told to. Guarded by
 * the hub's lock.
 */
final class Parcel {
    private final List<SharedEvent> events;
    private final long through;
    private final boolean previous;
    private @Nullable List<ByteString> elements;
    private @Nullable ByteString joined;

    /**
     * @param through everything up to this revision that concerns the watchers was sent or is among
     *     the events: a client may resume after it
     * @param previous with the versions before the changes
     */
    Parcel(List<SharedEvent> events, long through, boolean previous) {
        this.events = events;
        this.through = through;
        this.previous = previous;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    int size() {
        return events.size();
    }

    long through() {
        return through;
    }

    /** The revision of the first event; there is one. */
    long first() {
        return events.getFirst().change().revision();
    }

    /** Each event as an element of a response. */
    List<ByteString> elements() {
        var known = elements;
        if (known == null) {
            known = events.stream().map(event -> event.element(previous)).toList();
            elements = known;
        }
        return known;
    }

    /** All elements, one behind the other. */
    ByteString joined() {
        var known = joined;
        if (known == null) {
            known = WatchResponses.join(elements());
            joined = known;
        }
        return known;
    }
}
