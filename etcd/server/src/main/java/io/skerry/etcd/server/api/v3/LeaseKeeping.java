package io.skerry.etcd.server.api.v3;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.log.Log;
import io.skerry.base.time.MonotonicClock;
import io.skerry.base.time.PauseAwareClock;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.lease.LeaseClocks;
import io.skerry.etcd.server.store.Command;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Renews leases and asks for what they have left, on whichever member leads, and on the leader
 * proposes the end of those whose time is up and checkpoints of those that live long.
 */
final class LeaseKeeping implements AutoCloseable {
    private static final Log LOG = Log.of(LeaseKeeping.class);
    private static final String RENEW = "lease-renew";
    private static final String REMAINING = "lease-remaining";
    private static final Duration TICK = Duration.ofMillis(100);

    /** A tick later than this was no late tick: the process was frozen. */
    private static final Duration LONGEST_TICK = Duration.ofMillis(500);

    private static final Duration CHECKPOINT_INTERVAL = Duration.ofMinutes(5);
    private static final int MAX_EXPIRED_AT_ONCE = 1000;
    private static final int MAX_EXPIRED_IN_FLIGHT = 4;

    /** How often and how long a call looks for a leader that keeps the clocks. */
    private static final Duration RETRY_AFTER = Duration.ofMillis(100);

    private static final int MAX_TRIES = 50;

    private final ReplicatedLog log;
    private final LeaseClocks clocks;
    private final PauseAwareClock clock;
    private final Executor retries;
    private final Thread expirer;
    private final LongAdder renewed = new LongAdder();
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean closed;

    LeaseKeeping(ReplicatedLog log) {
        this.log = log;
        this.clock = new PauseAwareClock(MonotonicClock.system(), TICK, LONGEST_TICK);
        // By the clock as it stood at its last tick a lease would end up to a late tick too early.
        this.clocks = new LeaseClocks(clock.exact());
        this.retries =
                CompletableFuture.delayedExecutor(RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS);
        log.onAsk(RENEW, request -> onLeader(() -> renewHere(number(request))));
        log.onAsk(REMAINING, request -> onLeader(() -> remainingHere(number(request))));
        this.expirer = Thread.ofPlatform().daemon().name("lease-expirer").start(this::expire);
    }

    /** What the state machine has to tell: grants, revocations, an end of leading. */
    LeaseClocks clocks() {
        return clocks;
    }

    /**
     * This member leads from now on. Leases get what they may have at most; once it is known for
     * how long no earlier leader can have renewed one, they give back what is too much.
     */
    void lead(long term, Collection<Lease> leases, Duration extension) {
        clocks.lead(term, leases, extension);
        var _ =
                log.silenceBefore(term)
                        .whenCompleteAsync((silence, failure) -> {
                            if (failure == null) {
                                clocks.quietBefore(term, silence);
                            } else {
                                LOG.debug("leases keep all time", "cause", failure.toString());
                            }
                        });
    }

    /** How many leases this member has renewed as the leader. */
    long renewed() {
        return renewed.sum();
    }

    /** Renews a lease; completes with its time to live in seconds, 0 if there is no such lease. */
    CompletionStage<Long> renew(long lease) {
        return ask(RENEW, lease, 1);
    }

    /** Completes with the whole seconds a lease has left, -1 if there is no such lease. */
    CompletionStage<Long> remainingSeconds(long lease) {
        return ask(REMAINING, lease, 1);
    }

    private CompletionStage<Long> ask(String service, long lease, int tries) {
        return log.askLeader(service, number(lease))
                .thenApply(LeaseKeeping::number)
                .exceptionallyCompose(failure -> {
                    var reason = GrpcException.from(failure);
                    boolean again =
                            reason.code() == GrpcCode.UNAVAILABLE && tries < MAX_TRIES && !closed;
                    return again
                            ? CompletableFuture.runAsync(() -> {}, retries)
                                    .thenCompose(_ -> ask(service, lease, tries + 1))
                            : CompletableFuture.failedFuture(reason);
                });
    }

    private CompletionStage<ByteString> onLeader(Supplier<CompletionStage<Long>> handler) {
        if (!clocks.leading()) {
            return notLeader();
        }
        long term = clocks.term();
        return handler.get().thenCompose(answer -> confirmed(term, answer));
    }

    /**
     * An answer counts only if this member led when it was made: one that was stopped for a while
     * may have a successor that does not know of the renewal, and would end the lease. Who answers
     * the read is or was the leader after that; if it was another, this member knows by now.
     */
    private CompletionStage<ByteString> confirmed(long term, long answer) {
        return log.readIndex()
                .thenCompose(_ ->
                        clocks.leading() && clocks.term() == term
                                ? CompletableFuture.completedFuture(number(answer))
                                : notLeader());
    }

    private static CompletableFuture<ByteString> notLeader() {
        return CompletableFuture.failedFuture(
                new GrpcException(GrpcCode.UNAVAILABLE, "etcdserver: not leader"));
    }

    private CompletionStage<Long> renewHere(long lease) {
        var renewal = clocks.renew(lease);
        if (renewal == null) {
            return CompletableFuture.completedFuture(0L);
        }
        renewed.increment();
        if (!renewal.clearCheckpoint()) {
            return CompletableFuture.completedFuture(renewal.ttlSeconds());
        }
        var clear = new Command.LeaseCheckpoint(clocks.term(), Map.of(lease, 0L));
        return log.propose(clear.encode())
                .thenApply(_ -> {
                    clocks.checkpointCleared(lease);
                    return renewal.ttlSeconds();
                });
    }

    private CompletionStage<Long> remainingHere(long lease) {
        return CompletableFuture.completedFuture(clocks.remainingSeconds(lease).orElse(-1));
    }

    private static ByteString number(long number) {
        return ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    }

    private static long number(ByteString bytes) {
        return bytes.asReadOnlyByteBuffer().getLong();
    }

    private void expire() {
        var nextCheckpoint = clock.now().plus(CHECKPOINT_INTERVAL);
        while (!closed) {
            LockSupport.parkNanos(TICK.toNanos());
            var pause = clock.tick();
            if (pause.compareTo(LONGEST_TICK) > 0) {
                LOG.warn("lease clocks stood still while this process did", "for", pause);
            }
            while (inFlight.get() < MAX_EXPIRED_IN_FLIGHT && proposeExpired()) {}
            if (clock.now().compareTo(nextCheckpoint) >= 0) {
                nextCheckpoint = clock.now().plus(CHECKPOINT_INTERVAL);
                proposeCheckpoint();
            }
        }
    }

    /** Returns whether there may be more. */
    private boolean proposeExpired() {
        var expired = clocks.takeExpired(MAX_EXPIRED_AT_ONCE);
        if (expired.leases().isEmpty()) {
            return false;
        }
        inFlight.incrementAndGet();
        var _ =
                log.propose(new Command.LeaseExpire(expired.term(), expired.leases()).encode())
                        .whenComplete((result, failure) -> {
                            inFlight.decrementAndGet();
                            // Refused when an alarm stops writes: then they expire after it.
                            if (failure != null || result.code() != GrpcCode.OK) {
                                clocks.giveBack(expired);
                            }
                        });
        return true;
    }

    private void proposeCheckpoint() {
        var remaining = clocks.checkpoint(CHECKPOINT_INTERVAL.toSeconds());
        if (!remaining.isEmpty()) {
            var _ =
                    log.propose(new Command.LeaseCheckpoint(clocks.term(), remaining).encode())
                            .exceptionally(failure -> {
                                // A new leader then gives these leases more time than they have.
                                LOG.warn("no checkpoint of leases", "cause", failure.toString());
                                return CommandResult.ok(ByteString.EMPTY);
                            });
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(expirer);
    }
}
