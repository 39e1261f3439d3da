package io.skerry.etcd.server.api.v2;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.log.Log;
import io.skerry.base.time.MonotonicClock;
import io.skerry.base.time.PauseAwareClock;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.lease.LeaseClocks;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.v2store.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * On the leader, proposes the end of nodes whose time is up. The clocks are those of leases: a new
 * leader gives each node its time anew, so that none ends because the store was away.
 */
final class NodeExpiry implements AutoCloseable {
    private static final Log LOG = Log.of(NodeExpiry.class);
    private static final Duration TICK = Duration.ofMillis(100);

    /** A tick later than this was no late tick: the process was frozen. */
    private static final Duration LONGEST_TICK = Duration.ofMillis(500);

    private static final Duration CHECKPOINT_INTERVAL = Duration.ofMinutes(5);
    private static final int MAX_AT_ONCE = 1000;

    private final EtcdStateMachine store;
    private final ReplicatedLog log;
    private final InstantSource wallClock;
    private final PauseAwareClock clock =
            new PauseAwareClock(MonotonicClock.system(), TICK, LONGEST_TICK);
    private final LeaseClocks clocks = new LeaseClocks(clock);
    private final AtomicBoolean proposing = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean closed;

    NodeExpiry(EtcdStateMachine store, ReplicatedLog log, InstantSource wallClock) {
        this.store = store;
        this.log = log;
        this.wallClock = wallClock;
        this.thread = Thread.ofPlatform().daemon().name("node-expirer").start(this::run);
    }

    /** This member leads from now on. */
    void lead(long term, Duration extension) {
        var leases =
                store.nodes().expiries().all().stream()
                        .map(e -> new Lease(e.id(), e.ttlSeconds(), e.remainingSeconds()))
                        .toList();
        clocks.lead(term, leases, extension);
    }

    void follow() {
        clocks.stop();
    }

    /** A node was written; its expiry, if it has one, bears the event's index. */
    void written(Event event) {
        if (event.node().expirationEpochNanos() != 0) {
            clocks.granted(new Lease(event.index(), Math.max(0, event.node().ttlSeconds()), 0));
        }
    }

    private void run() {
        var nextCheckpoint = clock.now().plus(CHECKPOINT_INTERVAL);
        while (!closed) {
            LockSupport.parkNanos(TICK.toNanos());
            clock.tick();
            if (!proposing.get()) {
                proposeExpired();
            }
            if (clock.now().compareTo(nextCheckpoint) >= 0) {
                nextCheckpoint = clock.now().plus(CHECKPOINT_INTERVAL);
                proposeCheckpoint();
            }
        }
    }

    private void proposeExpired() {
        var expired = clocks.takeExpired(MAX_AT_ONCE);
        // Of nodes that were written again or deleted only the clocks are left.
        expired.leases().forEach(this::dropIfGone);
        var due =
                expired.leases().stream()
                        .filter(id -> store.nodes().expiries().find(id) != null)
                        .toList();
        if (due.isEmpty()) {
            return;
        }
        proposing.set(true);
        Instant now = wallClock.instant();
        long epochNanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        var _ =
                log.propose(new Command.NodeExpire(expired.term(), epochNanos, due).encode())
                        .whenComplete((result, failure) -> {
                            if (failure != null || result.code() != GrpcCode.OK) {
                                clocks.giveBack(expired);
                            }
                            due.forEach(this::dropIfGone);
                            proposing.set(false);
                        });
    }

    private void dropIfGone(long id) {
        if (store.nodes().expiries().find(id) == null) {
            clocks.revoked(id);
        }
    }

    private void proposeCheckpoint() {
        var remaining = clocks.checkpoint(CHECKPOINT_INTERVAL.toSeconds());
        if (!remaining.isEmpty()) {
            var _ =
                    log.propose(new Command.NodeCheckpoint(clocks.term(), remaining).encode())
                            .exceptionally(failure -> {
                                // A new leader then gives these nodes more time than they have.
                                LOG.warn("no checkpoint of nodes", "cause", failure.toString());
                                return CommandResult.ok(ByteString.EMPTY);
                            });
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
