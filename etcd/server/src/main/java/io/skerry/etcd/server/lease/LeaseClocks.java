package io.skerry.etcd.server.lease;

import io.skerry.base.time.MonotonicClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * How long each lease has left, by the leader's clock. Only a leader's clocks run; they say which
 * leases to propose for expiry and never end a lease themselves. Thread-safe.
 *
 * <p>A renewal only moves a deadline. The queue then holds an outdated entry, which is put back
 * with the new deadline when it comes to the front, so that a renewal costs O(1).
 */
public final class LeaseClocks {
    private final MonotonicClock clock;
    private final Map<Long, Running> running = new HashMap<>();
    private final PriorityQueue<Entry> queue =
            new PriorityQueue<>(Comparator.comparing(Entry::deadline));
    private boolean leading;
    private long term;

    /** When the clocks were started. */
    private Duration began = Duration.ZERO;

    /** When a lease was last seen to be granted while another led, or nobody. */
    private Duration lastGrantElsewhere;

    public LeaseClocks(MonotonicClock clock) {
        this.clock = clock;
        this.lastGrantElsewhere = clock.now();
    }

    private static final class Running {
        private final long ttlSeconds;
        private Duration deadline;
        private boolean expiring;
        private boolean checkpointed;

        /**
         * Its time when this member came to lead, counted from a renewal or grant that nobody knows
         * the time of; null once that is known, or where it is a checkpoint, cut to whole seconds.
         */
        private @Nullable Duration inherited;

        Running(long ttlSeconds, Duration deadline, boolean checkpointed) {
            this.ttlSeconds = ttlSeconds;
            this.deadline = deadline;
            this.checkpointed = checkpointed;
        }
    }

    private record Entry(long lease, Duration deadline) {}

    /** Leases whose time is up, and the term in which this may be proposed. */
    public record Expired(long term, List<Long> leases) {
        public Expired {
            leases = List.copyOf(leases);
        }
    }

    /**
     * Starts all clocks: each lease gets what it may have at most, plus the time in which nobody
     * could renew it because there was no leader.
     */
    public synchronized void lead(long newTerm, Collection<Lease> leases, Duration extension) {
        stop();
        leading = true;
        term = newTerm;
        began = clock.now();
        var from = began.plus(extension);
        for (var lease : leases) {
            var left = Duration.ofSeconds(lease.secondsToStartWith());
            var started = start(lease, from.plus(left));
            if (!started.checkpointed) {
                started.inherited = left;
            }
        }
    }

    /**
     * Takes back from leases that nobody has renewed since what {@link #lead} gave them on
     * suspicion: they count from when they can last have been renewed.
     *
     * <p>A lease for which the time without a leader was long keeps all of it, so that none ends
     * because its owner found nobody to renew it: two thirds of its time are left to it at least.
     *
     * @param ofTerm in which this was found out; void in any other
     * @param silence how long ago at least an earlier leader last confirmed anything
     */
    public synchronized void quietBefore(long ofTerm, Duration silence) {
        if (!leading || ofTerm != term) {
            return;
        }
        var last = clock.now().minus(silence);
        if (last.compareTo(lastGrantElsewhere) < 0) {
            last = lastGrantElsewhere;
        }
        for (var found : running.values()) {
            var left = found.inherited;
            if (left == null || found.expiring) {
                continue;
            }
            var deadline = last.plus(left);
            var kept = began.plus(left.multipliedBy(2).dividedBy(3));
            if (deadline.compareTo(kept) >= 0 && deadline.compareTo(found.deadline) < 0) {
                found.deadline = deadline;
            }
        }
        // Entries may come to the front late, but not early.
        queue.clear();
        running.forEach((lease, found) -> {
            if (!found.expiring) {
                queue.add(new Entry(lease, found.deadline));
            }
        });
    }

    /** Stops all clocks: this member leads no longer, and no lease ends by its word. */
    public synchronized void stop() {
        leading = false;
        running.clear();
        queue.clear();
    }

    public synchronized boolean leading() {
        return leading;
    }

    public synchronized void granted(Lease lease) {
        if (leading) {
            var _ = start(lease, clock.now().plusSeconds(lease.ttlSeconds()));
        } else {
            lastGrantElsewhere = clock.now();
        }
    }

    private Running start(Lease lease, Duration deadline) {
        var started = new Running(lease.ttlSeconds(), deadline, lease.remainingSeconds() > 0);
        running.put(lease.id(), started);
        queue.add(new Entry(lease.id(), deadline));
        return started;
    }

    public synchronized void revoked(long lease) {
        running.remove(lease);
    }

    /**
     * A lease has its whole time again.
     *
     * @param clearCheckpoint the log knows of less; this must be cleared there before the client is
     *     told, or a new leader would give the lease too little
     */
    public record Renewal(long ttlSeconds, boolean clearCheckpoint) {}

    /** Gives a lease its whole time again; null if there is none or it is expiring already. */
    public synchronized @Nullable Renewal renew(long lease) {
        var found = running.get(lease);
        if (found == null || found.expiring) {
            return null;
        }
        found.deadline = clock.now().plusSeconds(found.ttlSeconds);
        found.inherited = null;
        return new Renewal(found.ttlSeconds, found.checkpointed);
    }

    /** The log has forgotten the checkpoint of a lease. */
    public synchronized void checkpointCleared(long lease) {
        var found = running.get(lease);
        if (found != null) {
            found.checkpointed = false;
        }
    }

    /** Whole seconds left; empty if there is no such lease. */
    public synchronized OptionalLong remainingSeconds(long lease) {
        var found = running.get(lease);
        return found == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, found.deadline.minus(clock.now()).toSeconds()));
    }

    /**
     * Takes leases whose time is up. They cannot be renewed any more unless they are given back.
     *
     * @param limit how many at most
     */
    public synchronized Expired takeExpired(int limit) {
        var now = clock.now();
        var expired = new ArrayList<Long>();
        while (leading && expired.size() < limit) {
            var first = queue.peek();
            if (first == null || first.deadline.compareTo(now) > 0) {
                break;
            }
            queue.poll();
            var found = running.get(first.lease);
            if (found == null || found.expiring) {
                continue;
            }
            if (found.deadline.compareTo(now) > 0) {
                queue.add(new Entry(first.lease, found.deadline));
                continue;
            }
            found.expiring = true;
            expired.add(first.lease);
        }
        return new Expired(term, expired);
    }

    /** The proposal failed: the leases may be renewed again, or are taken again. */
    public synchronized void giveBack(Expired expired) {
        if (!leading || expired.term != term) {
            return;
        }
        for (long lease : expired.leases) {
            var found = running.get(lease);
            if (found != null && found.expiring) {
                found.expiring = false;
                queue.add(new Entry(lease, found.deadline));
            }
        }
    }

    /**
     * Takes a checkpoint: what leases with a long time to live have left.
     *
     * @param atLeastSeconds only leases granted for this long or longer
     */
    public synchronized Map<Long, Long> checkpoint(long atLeastSeconds) {
        var now = clock.now();
        var remaining = new HashMap<Long, Long>();
        running.forEach((lease, found) -> {
            if (found.ttlSeconds >= atLeastSeconds && !found.expiring) {
                found.checkpointed = true;
                remaining.put(lease, Math.max(1, found.deadline.minus(now).toSeconds()));
            }
        });
        return remaining;
    }

    public synchronized long term() {
        return term;
    }
}
