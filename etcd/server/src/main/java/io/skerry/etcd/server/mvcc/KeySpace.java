package io.skerry.etcd.server.mvcc;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The writing side of the store: every change gets the next revision, all changes between {@link
 * #begin} and {@link Transaction#end} the same one. One thread at a time; nothing here is durable
 * before the engine commits.
 *
 * <p>No key is written twice at one revision: requests that would do so are refused before.
 */
public final class KeySpace {
    /** Those of the maps that grow at their end only. */
    public static final Set<String> APPENDED = Set.of("events");

    /** Names of the engine's maps; a snapshot carries each. */
    public static final List<String> MAPS = List.of("current", "history", "events", "lease-keys");

    private static final byte[] PRESENT = new byte[0];

    /** Every so many versions of a key one stands in history. */
    private static final int MARK_EVERY = 32;

    private final Engine engine;
    private final OrderedMap current;
    private final OrderedMap history;
    private final OrderedMap events;
    private final OrderedMap leaseKeys;
    private long revision;
    private long compactRevision;
    private long compactedThrough;
    private @Nullable Compaction compaction;

    /**
     * @param revision newest revision the maps contain
     * @param compactRevision newest compaction asked for
     * @param compactedThrough newest compaction that was carried out wholly
     */
    public KeySpace(Engine engine, long revision, long compactRevision, long compactedThrough) {
        this.engine = engine;
        this.current = engine.map("current");
        this.history = engine.map("history");
        this.events = engine.map("events");
        this.leaseKeys = engine.map("lease-keys");
        this.revision = revision;
        this.compactRevision = compactRevision;
        this.compactedThrough = compactedThrough;
    }

    public long revision() {
        return revision;
    }

    public long compactRevision() {
        return compactRevision;
    }

    /** Revision up to which old versions have really been deleted. */
    public long compactedThrough() {
        return compactedThrough;
    }

    /** The present state, retained once for the caller, who releases it. */
    public ReadView view() {
        // The pin comes first: what the snapshots refer to is then protected already.
        var pin = engine.pin();
        return snapshot(revision, pin);
    }

    private ReadView snapshot(long atRevision, Engine.Pin pin) {
        return new ReadView(
                current.snapshot(),
                history.snapshot(),
                events.snapshot(),
                leaseKeys.snapshot(),
                atRevision,
                compactRevision,
                pin);
    }

    /** Whether a change stands in history: each deletion, and some of the versions. */
    static boolean isMark(@Nullable KeyVersion now) {
        return now == null || now.version() % MARK_EVERY == 0;
    }

    /** Starts a transaction; there must not be another one open. */
    public Transaction begin() {
        return new Transaction();
    }

    /** The present version of a key, what an open transaction wrote included. */
    public @Nullable KeyVersion get(byte[] key) {
        byte[] stored = current.get(key);
        return stored == null ? null : KeyVersion.read(key, stored);
    }

    /**
     * Marks everything replaced at or before a revision as gone; {@link #compactStep} deletes it.
     */
    public void compact(long newCompactRevision) {
        if (newCompactRevision <= compactRevision || newCompactRevision > revision) {
            throw new IllegalArgumentException(
                    "compaction at "
                            + newCompactRevision
                            + " is not in ("
                            + compactRevision
                            + ", "
                            + revision
                            + "]");
        }
        compactRevision = newCompactRevision;
        compaction = null;
    }

    /**
     * Deletes some of what the compaction made obsolete. Not part of the replicated state: members
     * may be at different points of it, and no answer shows where.
     *
     * @param maxEvents how many events to walk at most
     * @return whether there is more to do
     */
    public boolean compactStep(int maxEvents) {
        if (compactedThrough >= compactRevision) {
            return false;
        }
        var running = compaction;
        if (running == null) {
            running =
                    new Compaction(
                            history, events, compactedThrough, compactRevision, this::unpinned);
            compaction = running;
        }
        if (running.step(maxEvents)) {
            return true;
        }
        compactedThrough = running.through();
        compaction = null;
        return compactedThrough < compactRevision;
    }

    private ReadView unpinned() {
        return snapshot(revision, () -> {});
    }

    /** Changes that share one revision. */
    public final class Transaction {
        private final long writeRevision = revision + 1;
        private final List<Change> changes = new ArrayList<>();

        private Transaction() {}

        /** Revision that reads inside the transaction see: the coming one once it has changes. */
        public long readRevision() {
            return changes.isEmpty() ? revision : writeRevision;
        }

        /** The state with the transaction's own changes; valid until its next change. */
        public ReadView view() {
            return snapshot(readRevision(), () -> {});
        }

        /**
         * Writes a key and returns the version it had, or null.
         *
         * @param value null to keep the value it has
         * @param lease 0 for none; null to keep the lease it has
         */
        public @Nullable KeyVersion put(
                byte[] key, @Nullable ByteString value, @Nullable Long lease) {
            var write = new Write(key, value, lease);
            current.update(key, write);
            var before = write.before;
            var now = write.written();
            long leaseBefore = before == null ? 0 : before.lease();
            if (leaseBefore != now.lease()) {
                if (leaseBefore != 0) {
                    leaseKeys.remove(Keys.leaseKey(leaseBefore, key));
                }
                if (now.lease() != 0) {
                    leaseKeys.put(Keys.leaseKey(now.lease(), key), PRESENT);
                }
            }
            record(key, now, before);
            return before;
        }

        /** Makes the new version of a key from the one before. */
        private final class Write implements OrderedMap.Update {
            private final byte[] key;
            private final @Nullable ByteString value;
            private final @Nullable Long lease;
            private @Nullable KeyVersion before;
            private @Nullable KeyVersion now;

            Write(byte[] key, @Nullable ByteString value, @Nullable Long lease) {
                this.key = key;
                this.value = value;
                this.lease = lease;
            }

            @Override
            public byte[] apply(byte @Nullable [] stored) {
                var was = stored == null ? null : KeyVersion.read(key, stored);
                before = was;
                var is =
                        KeyVersion.create(
                                key,
                                was == null ? writeRevision : was.createRevision(),
                                writeRevision,
                                was == null ? 1 : was.version() + 1,
                                lease == null ? existing(was).lease() : lease,
                                changes.size(),
                                value == null
                                        ? UnsafeByteOperations.unsafeWrap(existing(was).value())
                                        : value);
                now = is;
                return is.stored();
            }

            KeyVersion written() {
                return requireNonNull(now);
            }

            private static KeyVersion existing(@Nullable KeyVersion was) {
                if (was == null) {
                    throw new IllegalArgumentException(
                            "a key that does not exist has nothing to keep");
                }
                return was;
            }
        }

        /** Deletes the living keys of the range and returns what they were, in order. */
        public List<KeyVersion> delete(KeyRange range) {
            var victims = new ArrayList<KeyVersion>();
            if (range.single()) {
                var one = get(range.from());
                if (one != null) {
                    victims.add(one);
                }
            } else if (!range.empty()) {
                var scan = current.snapshot().ascending(range.from(), range.to());
                while (scan.next()) {
                    victims.add(KeyVersion.read(scan.key(), scan.value()));
                }
            }
            for (var victim : victims) {
                delete(victim);
            }
            return victims;
        }

        private void delete(KeyVersion victim) {
            byte[] key = victim.key();
            current.remove(key);
            if (victim.lease() != 0) {
                leaseKeys.remove(Keys.leaseKey(victim.lease(), key));
            }
            record(key, null, victim);
        }

        private void record(byte[] key, @Nullable KeyVersion now, @Nullable KeyVersion before) {
            int position = changes.size();
            boolean mayBeCompacted = before != null && before.modRevision() < compactRevision;
            events.append(
                    Keys.event(writeRevision, position),
                    StoredEvent.of(key, now, before, mayBeCompacted).write());
            if (isMark(now)) {
                history.put(Keys.history(key, writeRevision), Keys.position(position));
            }
            changes.add(new Change(writeRevision, position, key, now, before));
        }

        /** Ends it; the revision moves on if there were changes. Returns them in order. */
        public List<Change> end() {
            if (!changes.isEmpty()) {
                revision = writeRevision;
            }
            return changes;
        }
    }
}
