package io.skerry.etcd.server.mvcc;

import io.skerry.etcd.server.mvcc.engine.Engine;
import io.skerry.etcd.server.mvcc.engine.OrderedMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The writing side of the store: every change gets the next revision, all changes between {@link
 * #begin} and {@link Transaction#end} the same one. One thread at a time; nothing here is durable
 * before the engine commits.
 *
 * <p>No key is written twice at one revision: requests that would do so are refused before.
 */
public final class KeySpace {
    /** Names of the engine's maps; a snapshot carries each. */
    public static final List<String> MAPS = List.of("current", "history", "events", "lease-keys");

    private static final byte[] TOMBSTONE = new byte[0];
    private static final byte[] PRESENT = new byte[0];

    private final Engine engine;
    private final OrderedMap current;
    private final OrderedMap history;
    private final OrderedMap events;
    private final OrderedMap leaseKeys;
    private long revision;
    private long compactRevision;
    private long compactedThrough;
    private byte[] nextToCompact = Keys.event(0, 0);

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
        nextToCompact = Keys.event(0, 0);
    }

    /**
     * Deletes some of what the compaction made obsolete. Not part of the replicated state: members
     * may be at different points of it, and no answer shows where.
     *
     * <p>Events are walked in order, so that an older version of a key is always deleted before the
     * tombstone that hides it. The event at the compact revision itself stays: a watch may start
     * there. It is then walked again by the next compaction, which does no harm.
     *
     * @param maxEvents how many events to walk at most
     * @return whether there is more to do
     */
    public boolean compactStep(int maxEvents) {
        if (compactedThrough >= compactRevision) {
            return false;
        }
        var scan = events.snapshot().ascending(nextToCompact, Keys.event(compactRevision + 1, 0));
        for (int i = 0; i < maxEvents; i++) {
            if (!scan.next()) {
                nextToCompact = Keys.event(0, 0);
                compactedThrough = compactRevision;
                return false;
            }
            long at = Keys.revisionOfEvent(scan.key());
            var event = StoredEvent.read(scan.value());
            if (event.revisionBefore() > 0) {
                history.remove(Keys.history(event.key(), event.revisionBefore()));
            }
            if (event.deletion()) {
                history.remove(Keys.history(event.key(), at));
            }
            if (at < compactRevision) {
                events.remove(scan.key());
            }
        }
        // Events at the compact revision stay, so the next step must not begin at the front again.
        nextToCompact = scan.next() ? scan.key() : Keys.event(compactRevision + 1, 0);
        return true;
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
        public @Nullable KeyVersion put(byte[] key, byte @Nullable [] value, @Nullable Long lease) {
            var before = get(key);
            byte[] content = value;
            if (content == null) {
                content = existing(before).value();
            }
            write(key, content, lease == null ? existing(before).lease() : lease, before);
            return before;
        }

        private static KeyVersion existing(@Nullable KeyVersion before) {
            if (before == null) {
                throw new IllegalArgumentException("a key that does not exist has nothing to keep");
            }
            return before;
        }

        private void write(byte[] key, byte[] value, long lease, @Nullable KeyVersion before) {
            long created = before == null ? writeRevision : before.createRevision();
            long version = before == null ? 1 : before.version() + 1;
            var now = KeyVersion.create(key, created, writeRevision, version, lease, value);
            current.put(key, now.stored());
            if (before != null) {
                history.put(Keys.history(key, before.modRevision()), before.stored());
            }
            long leaseBefore = before == null ? 0 : before.lease();
            if (leaseBefore != lease) {
                if (leaseBefore != 0) {
                    leaseKeys.remove(Keys.leaseKey(leaseBefore, key));
                }
                if (lease != 0) {
                    leaseKeys.put(Keys.leaseKey(lease, key), PRESENT);
                }
            }
            record(key, now, before);
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
            history.put(Keys.history(key, victim.modRevision()), victim.stored());
            history.put(Keys.history(key, writeRevision), TOMBSTONE);
            if (victim.lease() != 0) {
                leaseKeys.remove(Keys.leaseKey(victim.lease(), key));
            }
            record(key, null, victim);
        }

        private void record(byte[] key, @Nullable KeyVersion now, @Nullable KeyVersion before) {
            int position = changes.size();
            long revisionBefore = before == null ? 0 : before.modRevision();
            events.append(
                    Keys.event(writeRevision, position),
                    new StoredEvent(now == null, revisionBefore, key).write());
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
