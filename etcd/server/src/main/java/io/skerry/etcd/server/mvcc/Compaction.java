package io.skerry.etcd.server.mvcc;

import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import java.util.BitSet;
import java.util.function.Supplier;

/**
 * Deletes, in steps, the events and old versions that a compaction made obsolete: nothing is looked
 * up by key, whatever the number of keys.
 *
 * <p>First the events after the compaction are walked: what they replaced is the state at the
 * compaction, and stays (those written after the compaction was known carry the version before in
 * themselves). Then the events before it are walked and deleted but for these. What stays is
 * deleted when a later compaction passes the event that replaced it.
 *
 * <p>The events at the compact revision itself stay: a watch may start there. The next compaction
 * walks them again, which does no harm, as does a walk that begins anew after a restart.
 */
final class Compaction {
    /** So many revisions are compacted at once at most: one bit of memory each. */
    private static final long MAX_REVISIONS = 1L << 26;

    private final OrderedMap history;
    private final OrderedMap events;
    private final long from;
    private final long through;
    private final Supplier<ReadView> present;

    /** Revisions, counted from {@link #from}, that wrote what was replaced after the compaction. */
    private final BitSet needed = new BitSet();

    private final byte[] endOfMarking;
    private boolean marking = true;
    private byte[] next;

    /**
     * @param from revision up to which all is compacted already
     * @param present the state now, whenever it is asked
     */
    Compaction(
            OrderedMap history,
            OrderedMap events,
            long from,
            long compactRevision,
            Supplier<ReadView> present) {
        this.history = history;
        this.events = events;
        this.from = from;
        this.through = Math.min(compactRevision, from + MAX_REVISIONS);
        this.present = present;
        this.next = Keys.event(through + 1, 0);
        this.endOfMarking = Keys.event(present.get().revision() + 1, 0);
    }

    /** Revision that is compacted when there is no more to do. */
    long through() {
        return through;
    }

    /** Walks some events; false when there is no more to do. */
    boolean step(int maxEvents) {
        var end = marking ? endOfMarking : Keys.event(through + 1, 0);
        var scan = events.snapshot().ascending(next, end);
        for (int i = 0; i < maxEvents; i++) {
            if (!scan.next()) {
                boolean finished = !marking;
                marking = false;
                next = Keys.event(from, 0);
                return !finished;
            }
            var event = StoredEvent.read(scan.value());
            if (marking) {
                mark(event);
            } else {
                delete(scan.key(), event);
            }
            next = Keys.following(scan.key());
        }
        return true;
    }

    private void mark(StoredEvent event) {
        long before = event.revisionBefore();
        if (event.before() == null && before >= from && before < through) {
            needed.set((int) (before - from));
        }
    }

    private void delete(byte[] place, StoredEvent event) {
        long at = Keys.revisionOfEvent(place);
        byte[] placeBefore = event.placeBefore();
        if (placeBefore != null && event.revisionBefore() < from) {
            // There only if an earlier compaction left it.
            events.remove(placeBefore);
        }
        if (KeySpace.isMark(event.now())) {
            history.remove(Keys.history(event.key(), at));
        }
        if (at < through && !(needed.get((int) (at - from)) && stays(event, at))) {
            events.remove(place);
        }
    }

    /** A revision may have written several keys, of which not all were replaced later. */
    private boolean stays(StoredEvent event, long at) {
        if (event.deletion()) {
            return false;
        }
        var view = present.get();
        var newest = view.get(event.key());
        if (newest != null && newest.modRevision() == at) {
            return false;
        }
        var version = view.get(event.key(), through);
        return version != null && version.modRevision() == at;
    }
}
