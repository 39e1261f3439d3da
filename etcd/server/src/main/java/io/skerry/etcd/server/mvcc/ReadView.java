package io.skerry.etcd.server.mvcc;

import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The whole store as it was after one batch. Immutable; any number of threads read it without
 * locks. It is counted: whoever uses it {@link #retain}s and {@link #release}s it, and its content
 * stays readable in between, whatever is deleted meanwhile.
 *
 * <p>Revisions asked for must lie in {@code [compactRevision, revision]}; the caller checks that.
 *
 * <p>Where a version lies: the newest of each key in {@code current} as long as the key lives;
 * every other one in {@code events} under the revision that wrote it, where each event also tells
 * which event wrote the version before. To find the version of a key at a revision, we go back from
 * event to event, beginning at the earliest known one after that revision: {@code history} knows
 * each deletion and every 32nd version, {@code current} the newest.
 */
public final class ReadView {
    private final OrderedSnapshot current;
    private final OrderedSnapshot history;
    private final OrderedSnapshot events;
    private final OrderedSnapshot leaseKeys;
    private final long revision;
    private final long compactRevision;
    private final Engine.Pin pin;
    private final AtomicInteger users = new AtomicInteger(1);

    ReadView(
            OrderedSnapshot current,
            OrderedSnapshot history,
            OrderedSnapshot events,
            OrderedSnapshot leaseKeys,
            long revision,
            long compactRevision,
            Engine.Pin pin) {
        this.current = current;
        this.history = history;
        this.events = events;
        this.leaseKeys = leaseKeys;
        this.revision = revision;
        this.compactRevision = compactRevision;
        this.pin = pin;
    }

    /** Revision of the newest change. */
    public long revision() {
        return revision;
    }

    /** Versions that were replaced at or before this revision are gone. */
    public long compactRevision() {
        return compactRevision;
    }

    /** Keeps the view usable until {@link #release}; false if it is no longer. */
    public boolean retain() {
        int count = users.get();
        while (count > 0) {
            if (users.compareAndSet(count, count + 1)) {
                return true;
            }
            count = users.get();
        }
        return false;
    }

    /** Ends a use. */
    public void release() {
        if (users.decrementAndGet() == 0) {
            pin.close();
        }
    }

    /** The newest version of a living key, or null. */
    public @Nullable KeyVersion get(byte[] key) {
        byte[] stored = current.get(key);
        return stored == null ? null : KeyVersion.read(key, stored);
    }

    /** The version of a key at a revision, or null if it did not exist then. */
    public @Nullable KeyVersion get(byte[] key, long atRevision) {
        var newest = get(key);
        if (newest != null && newest.modRevision() <= atRevision) {
            return newest;
        }
        byte[] mark = history.ceilingKey(Keys.history(key, atRevision + 1));
        if (mark == null || !Keys.sameHistory(mark, Keys.historyStart(key))) {
            mark = null;
        }
        return goBack(newest, mark, atRevision);
    }

    /**
     * Goes back to what was there at a revision.
     *
     * @param newest the newest version if the key lives; it was written after that revision
     * @param mark the earliest entry of the key in history after that revision, or null
     */
    private @Nullable KeyVersion goBack(
            @Nullable KeyVersion newest, byte @Nullable [] mark, long atRevision) {
        byte[] place;
        if (mark != null) {
            byte[] position = history.get(mark);
            place =
                    Keys.event(
                            Keys.revisionOfHistory(mark),
                            position == null ? 0 : Keys.readPosition(position));
        } else if (newest != null) {
            place = Keys.event(newest.modRevision(), newest.position());
        } else {
            return null;
        }
        var event = event(place);
        while (event.revisionBefore() > atRevision) {
            event = event(Keys.event(event.revisionBefore(), event.positionBefore()));
        }
        return before(event);
    }

    private StoredEvent event(byte[] place) {
        byte[] stored = events.get(place);
        if (stored == null) {
            throw new IllegalStateException(
                    "the event of revision " + Keys.revisionOfEvent(place) + " is missing");
        }
        return StoredEvent.read(stored);
    }

    /** The version that an event replaced; null if there was none. */
    private @Nullable KeyVersion before(StoredEvent event) {
        byte[] place = event.placeBefore();
        if (place == null || event.before() != null) {
            return event.before();
        }
        return event(place).now();
    }

    /** How many keys of the range exist at the newest revision; in O(log n). */
    public long count(KeyRange range) {
        if (range.single()) {
            return current.get(range.from()) == null ? 0 : 1;
        }
        if (range.empty()) {
            return 0;
        }
        byte[] to = range.to();
        return (to == null ? current.size() : current.rank(to)) - current.rank(range.from());
    }

    /**
     * Living keys of the range at the newest revision, in order, until the consumer says stop.
     *
     * @param consumer returns false to stop
     */
    public void scan(KeyRange range, boolean descending, Predicate<KeyVersion> consumer) {
        if (range.single()) {
            var one = get(range.from());
            if (one != null) {
                var _ = consumer.test(one);
            }
            return;
        }
        if (range.empty()) {
            return;
        }
        var scan =
                descending
                        ? current.descending(range.from(), range.to())
                        : current.ascending(range.from(), range.to());
        while (scan.next() && consumer.test(KeyVersion.read(scan.key(), scan.value()))) {}
    }

    /** Everything in the range as it was at a revision, in ascending order. */
    public List<KeyVersion> at(KeyRange range, long atRevision) {
        if (range.single()) {
            var one = get(range.from(), atRevision);
            return one == null ? List.of() : List.of(one);
        }
        var found = new ArrayList<KeyVersion>();
        if (!range.empty()) {
            mergeAt(range, atRevision, found::add);
        }
        return Collections.unmodifiableList(found);
    }

    /** As {@link #at}, one version at a time. */
    void forEachAt(KeyRange range, long atRevision, Consumer<KeyVersion> consumer) {
        mergeAt(range, atRevision, consumer);
    }

    /** Walks current and history side by side, key by key. */
    private void mergeAt(KeyRange range, long atRevision, Consumer<KeyVersion> consumer) {
        byte[] to = range.to();
        var living = current.ascending(range.from(), to);
        var marks =
                history.ascending(
                        Keys.historyStart(range.from()), to == null ? null : Keys.historyStart(to));
        boolean hasLiving = living.next();
        boolean hasMark = marks.next();
        while (hasLiving || hasMark) {
            byte[] markedKey = hasMark ? Keys.keyOfHistory(marks.key()) : new byte[0];
            int order =
                    !hasMark
                            ? -1
                            : !hasLiving ? 1 : Arrays.compareUnsigned(living.key(), markedKey);
            byte[] key = order <= 0 ? living.key() : markedKey;
            byte[] mark = null;
            if (order >= 0) {
                byte[] start = Keys.historyStart(key);
                do {
                    if (mark == null && Keys.revisionOfHistory(marks.key()) > atRevision) {
                        mark = marks.key();
                    }
                    hasMark = marks.next();
                } while (hasMark && Keys.sameHistory(marks.key(), start));
            }
            KeyVersion newest = null;
            if (order <= 0) {
                newest = KeyVersion.read(key, living.value());
                hasLiving = living.next();
            }
            var atThatTime =
                    newest != null && newest.modRevision() <= atRevision
                            ? newest
                            : goBack(newest, mark, atRevision);
            if (atThatTime != null) {
                consumer.accept(atThatTime);
            }
        }
    }

    /**
     * Changes from a revision on, in order, until the consumer says stop. Changes before the
     * compaction are not there.
     *
     * @param consumer returns false to stop
     */
    public void changes(long fromRevision, Predicate<Change> consumer) {
        // What is kept before the compaction are versions that are still to be read, no changes.
        var scan = events.ascending(Keys.event(Math.max(fromRevision, compactRevision), 0), null);
        long lastRevision = -1;
        int position = 0;
        while (scan.next()) {
            long at = Keys.revisionOfEvent(scan.key());
            position = at == lastRevision ? position + 1 : 0;
            lastRevision = at;
            if (!consumer.test(change(at, position, StoredEvent.read(scan.value())))) {
                return;
            }
        }
    }

    private Change change(long at, int position, StoredEvent event) {
        var before = at <= compactRevision ? null : before(event);
        return new Change(at, position, event.key(), event.now(), before);
    }

    /** Keys that hang on a lease, in order. */
    public List<byte[]> keysOf(long lease) {
        var keys = new ArrayList<byte[]>();
        var scan = leaseKeys.ascending(Keys.leaseKey(lease, new byte[0]), null);
        while (scan.next() && Keys.ofLease(scan.key(), lease)) {
            keys.add(Keys.keyOfLeaseKey(scan.key()));
        }
        return keys;
    }
}
