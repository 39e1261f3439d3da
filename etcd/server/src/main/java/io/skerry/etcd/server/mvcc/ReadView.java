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
 * <p>Where a version lies: the newest of each key in {@code current} as long as the key lives; each
 * one before it in {@code history} under the revision that wrote it; a deletion in {@code history}
 * as an empty tombstone. So the version of a key at revision r is the one in {@code current} if it
 * was written at or before r, else the greatest in {@code history} at or before r.
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
        byte[] candidate = history.floorKey(Keys.history(key, atRevision));
        if (candidate == null || !Keys.sameHistory(candidate, Keys.historyStart(key))) {
            return null;
        }
        return readHistory(key, candidate);
    }

    /** The version that was written to the key at exactly this revision; null if it is gone. */
    @Nullable KeyVersion writtenAt(byte[] key, long exactRevision) {
        var newest = get(key);
        if (newest != null && newest.modRevision() == exactRevision) {
            return newest;
        }
        return readHistory(key, Keys.history(key, exactRevision));
    }

    private @Nullable KeyVersion readHistory(byte[] key, byte[] historyKey) {
        byte[] stored = history.get(historyKey);
        return stored == null || stored.length == 0 ? null : KeyVersion.read(key, stored);
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

    /** Walks current and history side by side, key by key. */
    private void mergeAt(KeyRange range, long atRevision, Consumer<KeyVersion> consumer) {
        byte[] to = range.to();
        var living = current.ascending(range.from(), to);
        var older =
                history.ascending(
                        Keys.historyStart(range.from()), to == null ? null : Keys.historyStart(to));
        boolean hasLiving = living.next();
        boolean hasOlder = older.next();
        while (hasLiving || hasOlder) {
            byte[] olderKey = hasOlder ? Keys.keyOfHistory(older.key()) : new byte[0];
            int order =
                    !hasOlder
                            ? -1
                            : !hasLiving ? 1 : Arrays.compareUnsigned(living.key(), olderKey);
            byte[] key = order <= 0 ? living.key() : olderKey;
            KeyVersion atThatTime = null;
            if (order >= 0) {
                byte[] start = Keys.historyStart(key);
                do {
                    if (Keys.revisionOfHistory(older.key()) <= atRevision) {
                        byte[] stored = older.value();
                        atThatTime = stored.length == 0 ? null : KeyVersion.read(key, stored);
                    }
                    hasOlder = older.next();
                } while (hasOlder && Keys.sameHistory(older.key(), start));
            }
            if (order <= 0) {
                var newest = KeyVersion.read(key, living.value());
                if (newest.modRevision() <= atRevision) {
                    atThatTime = newest;
                }
                hasLiving = living.next();
            }
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
        var scan = events.ascending(Keys.event(fromRevision, 0), null);
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
        var now = event.deletion() ? null : writtenAt(event.key(), at);
        if (!event.deletion() && now == null) {
            throw new IllegalStateException(
                    "the version written at revision " + at + " is missing");
        }
        boolean beforeIsGone = event.revisionBefore() == 0 || at <= compactRevision;
        var before =
                beforeIsGone
                        ? null
                        : readHistory(
                                event.key(), Keys.history(event.key(), event.revisionBefore()));
        return new Change(at, position, event.key(), now, before);
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
