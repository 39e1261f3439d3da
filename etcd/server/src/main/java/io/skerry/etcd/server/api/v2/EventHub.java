package io.skerry.etcd.server.api.v2;

import io.skerry.etcd.server.v2store.ErrorCode;
import io.skerry.etcd.server.v2store.Event;
import io.skerry.etcd.server.v2store.NodeErrorException;
import io.skerry.etcd.server.v2store.NodePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Gives the tree's events to watches. What a watch gets is one function of the ordered events from
 * its index on, whether they lie in the history or come later, so that none is lost or repeated
 * where the two meet. One lock, this object's, guards history and watches.
 */
final class EventHub {
    private static final int HISTORY = 1000;

    private final LongSupplier storeIndex;
    private final ArrayDeque<Event> history = new ArrayDeque<>();
    private final NavigableMap<String, List<NodeWatch>> watches = new TreeMap<>();
    private long clearedThrough;
    private int count;

    /**
     * @param storeIndex the newest index that a client may have seen
     */
    EventHub(LongSupplier storeIndex) {
        this.storeIndex = storeIndex;
    }

    /**
     * The first index that a watch is given.
     *
     * @param since what the client wants, unsigned; 0 for what comes after now
     * @throws NodeErrorException if events from there on are kept no more
     */
    synchronized long start(long since) throws NodeErrorException {
        long now = storeIndex.getAsLong();
        if (since == 0) {
            return now + 1;
        }
        if (cleared(since)) {
            throw new NodeErrorException(
                    ErrorCode.EVENT_INDEX_CLEARED,
                    "the requested history has been cleared [%d/%s]"
                            .formatted(clearedThrough + 1, Long.toUnsignedString(since)),
                    now);
        }
        return since;
    }

    private boolean cleared(long since) {
        return Long.compareUnsigned(since, clearedThrough) <= 0;
    }

    /**
     * Begins a watch; {@link #close} ends it. It ends at once if events from its start on have been
     * given up since {@link #start}.
     */
    synchronized NodeWatch open(NodePath path, boolean recursive, long start) {
        var watch = new NodeWatch(path, recursive, start);
        if (cleared(start)) {
            watch.end();
        }
        history.forEach(watch::offer);
        watches.computeIfAbsent(path.text(), _ -> new ArrayList<>()).add(watch);
        count++;
        return watch;
    }

    synchronized void close(NodeWatch watch) {
        watches.computeIfPresent(
                watch.path().text(),
                (_, list) -> {
                    if (list.remove(watch)) {
                        count--;
                    }
                    return list.isEmpty() ? null : list;
                });
        watch.end();
    }

    /** The newest index that a client may have seen. */
    long index() {
        return storeIndex.getAsLong();
    }

    synchronized int count() {
        return count;
    }

    /** Takes the next event. */
    synchronized void add(Event event) {
        history.addLast(event);
        if (history.size() > HISTORY) {
            clearedThrough = history.removeFirst().index();
        }
        for (String on = event.node().key(); ; on = parent(on)) {
            watches.getOrDefault(on, List.of()).forEach(watch -> watch.offer(event));
            if (on.equals("/")) {
                break;
            }
        }
        if (event.node().dir()) {
            // Who watches below a directory is told of its end.
            String below = event.node().key() + "/";
            under(below).values().forEach(list -> list.forEach(watch -> watch.offer(event)));
        }
    }

    private Map<String, List<NodeWatch>> under(String stem) {
        return watches.subMap(stem, true, stem.substring(0, stem.length() - 1) + "0", false);
    }

    private static String parent(String key) {
        int end = key.lastIndexOf('/');
        return end <= 0 ? "/" : key.substring(0, end);
    }

    /**
     * Takes a history whole: at the start, or because the state was replaced. Watches go on through
     * it if it reaches back to where they are; else they end, and whoever watches asks anew.
     */
    synchronized void replace(List<Event> events, long newClearedThrough) {
        long seen = history.isEmpty() ? clearedThrough : history.getLast().index();
        if (newClearedThrough > seen) {
            watches.values().forEach(list -> list.forEach(NodeWatch::end));
        }
        history.clear();
        clearedThrough = 0;
        for (var event : events) {
            if (event.index() > seen) {
                add(event);
            } else {
                history.addLast(event);
            }
        }
        clearedThrough = newClearedThrough;
    }
}
