package io.skerry.fleet.store;

import io.skerry.fleet.store.StoreTxn.Guard;
import io.skerry.fleet.store.StoreTxn.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store in memory with etcd's revisions and guards, for tests. Followers are told within the
 * writer's call. Thread-safe by its lock.
 */
public final class MemoryStore implements FleetStore {
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final List<Change> history = new ArrayList<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private long revision = 1;

    private record Watcher(KeyRange range, Follower follower) {}

    @Override
    public synchronized Optional<Entry> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public synchronized Listing list(List<KeyRange> ranges) {
        List<Entry> found = new ArrayList<>();
        for (KeyRange range : ranges) {
            found.addAll(entries.subMap(range.start(), range.end()).values());
        }
        return new Listing(revision, found);
    }

    @Override
    public synchronized Committed commit(StoreTxn txn, long leaseId) {
        if (!txn.guards().stream().allMatch(this::holds)) {
            return new Committed(false, revision);
        }
        List<Change> changes = new ArrayList<>();
        long next = revision + 1;
        for (Write write : txn.writes()) {
            switch (write) {
                case Write.Put(var key, var value) -> changes.add(put(key, value, 0, next));
                case Write.PutLeased(var key, var value) ->
                        changes.add(put(key, value, leaseId, next));
                case Write.Delete(var key) -> {
                    if (entries.remove(key) != null) {
                        changes.add(new Change.Deleted(key, next));
                    }
                }
            }
        }
        publish(changes);
        return new Committed(true, revision);
    }

    @Override
    public synchronized Optional<Listing> commitOrList(StoreTxn txn, List<KeyRange> otherwise) {
        return commit(txn, 0).held() ? Optional.empty() : Optional.of(list(otherwise));
    }

    /** What happens when a lease ends: all its keys go, in one revision. */
    public synchronized void endLease(long leaseId) {
        Collection<String> gone =
                entries.values().stream()
                        .filter(entry -> entry.lease() == leaseId)
                        .map(Entry::key)
                        .toList();
        long next = revision + 1;
        List<Change> changes = new ArrayList<>();
        for (String key : gone) {
            entries.remove(key);
            changes.add(new Change.Deleted(key, next));
        }
        publish(changes);
    }

    @Override
    public synchronized Following follow(KeyRange range, long afterRevision, Follower follower) {
        var watcher = new Watcher(range, follower);
        List<Change> missed = changesAfter(afterRevision, range);
        if (!missed.isEmpty()) {
            follower.changed(missed);
        }
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** What a store does of which this host's rights are taken away: nothing is told any more. */
    public synchronized void refuseFollowers() {
        var all = List.copyOf(watchers);
        watchers.removeAll(all);
        all.forEach(watcher -> watcher.follower().refused());
    }

    /** All changes of the range with a higher revision. */
    public synchronized List<Change> changesAfter(long afterRevision, KeyRange range) {
        List<Change> changes = new ArrayList<>();
        for (int i = history.size() - 1; i >= 0; i--) {
            Change change = history.get(i);
            if (change.revision() <= afterRevision) {
                break;
            }
            if (range.contains(change.key())) {
                changes.add(change);
            }
        }
        return List.copyOf(changes.reversed());
    }

    /** The present revision. */
    public synchronized long revision() {
        return revision;
    }

    private Change put(String key, String value, long leaseId, long next) {
        Entry before = entries.get(key);
        long created = before == null ? next : before.createRevision();
        var entry = new Entry(key, value, created, next, leaseId);
        entries.put(key, entry);
        return new Change.Written(entry);
    }

    private void publish(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        revision++;
        history.addAll(changes);
        for (Watcher watcher : watchers) {
            List<Change> seen =
                    changes.stream().filter(c -> watcher.range().contains(c.key())).toList();
            if (!seen.isEmpty()) {
                watcher.follower().changed(seen);
            }
        }
    }

    private boolean holds(Guard guard) {
        Entry entry = entries.get(guard.key());
        return switch (guard) {
            case Guard.ModifiedAt(_, var at) -> at == (entry == null ? 0 : entry.modRevision());
            case Guard.CreatedAt(_, var at) -> at == (entry == null ? 0 : entry.createRevision());
        };
    }
}
