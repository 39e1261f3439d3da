package io.skerry.fleet.simulation;

import io.skerry.fleet.store.MemoryStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The store with leases in virtual time. While frozen it takes requests and answers none. A store
 * whose clock stops meanwhile is ours; one whose clock goes on, so that all leases have run out
 * when it thaws, is the worst that another etcd does.
 */
final class SimStore {
    final MemoryStore data = new MemoryStore();
    private final VirtualTime time;
    private final boolean clockStopsWhenFrozen;
    private final Map<Long, Duration> leaseEnds = new HashMap<>();
    private final Map<Long, Duration> leaseTtls = new HashMap<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private final List<Runnable> onChange = new ArrayList<>();
    private boolean frozen;
    private Duration frozenAt = Duration.ZERO;
    private Duration thawedAt = Duration.ZERO;
    private long lastLease = 100;
    private long toldRevision = 1;

    SimStore(VirtualTime time, boolean clockStopsWhenFrozen) {
        this.time = time;
        this.clockStopsWhenFrozen = clockStopsWhenFrozen;
    }

    boolean frozen() {
        return frozen;
    }

    void whenChanged(Runnable listener) {
        onChange.add(listener);
    }

    /** Serves a request now or, when frozen, after the thaw. */
    void serve(Runnable request) {
        if (frozen) {
            waiting.add(request);
        } else {
            request.run();
            tellChanges();
        }
    }

    void freeze() {
        frozen = true;
        frozenAt = time.now();
    }

    Duration thawedAt() {
        return thawedAt;
    }

    void thaw() {
        frozen = false;
        thawedAt = time.now();
        if (clockStopsWhenFrozen) {
            Duration lost = time.now().minus(frozenAt);
            leaseEnds.replaceAll((lease, end) -> end.plus(lost));
            leaseEnds.keySet().forEach(this::awaitEnd);
        } else {
            List.copyOf(leaseEnds.keySet()).forEach(this::endIfDue);
        }
        while (!waiting.isEmpty()) {
            waiting.poll().run();
        }
        tellChanges();
    }

    long grant(Duration ttl) {
        long lease = ++lastLease;
        leaseTtls.put(lease, ttl);
        leaseEnds.put(lease, time.now().plus(ttl));
        awaitEnd(lease);
        return lease;
    }

    /** False when the lease is gone. */
    boolean keepAlive(long lease) {
        if (!leaseEnds.containsKey(lease)) {
            return false;
        }
        leaseEnds.put(lease, time.now().plus(Objects.requireNonNull(leaseTtls.get(lease))));
        awaitEnd(lease);
        return true;
    }

    boolean lives(long lease) {
        return leaseEnds.containsKey(lease);
    }

    void revoke(long lease) {
        if (leaseEnds.remove(lease) != null) {
            data.endLease(lease);
        }
    }

    private void awaitEnd(long lease) {
        time.after(
                Objects.requireNonNull(leaseEnds.get(lease)).minus(time.now()),
                () -> endIfDue(lease));
    }

    private void endIfDue(long lease) {
        Duration end = leaseEnds.get(lease);
        if (!frozen && end != null && end.compareTo(time.now()) <= 0) {
            revoke(lease);
            tellChanges();
        }
    }

    private void tellChanges() {
        if (data.revision() != toldRevision) {
            toldRevision = data.revision();
            onChange.forEach(Runnable::run);
        }
    }
}
