package io.skerry.bench.fleet;

import io.skerry.base.time.MonotonicClock;
import io.skerry.fleet.engine.EngineCore;
import io.skerry.fleet.engine.Proposal;
import io.skerry.fleet.loop.EventLoop;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.FleetStore;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Listing;
import io.skerry.fleet.store.Mirror;
import io.skerry.fleet.store.RegistryException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The real engine's core over the real store, with a stopwatch. Its loop owns the core, as in
 * {@link io.skerry.fleet.engine.Engine}.
 */
final class MeasuredEngine implements Mirror.Listener, AutoCloseable {
    private static final Duration GRACE = Duration.ofMillis(250);
    private static final Duration AFTER_CANDIDACY = Duration.ofMillis(100);

    private final FleetStore store;
    private final MonotonicClock clock;
    private final EngineCore core;
    private final EventLoop loop;
    private final long began = System.nanoTime();
    private final CompletableFuture<Duration> started = new CompletableFuture<>();
    private final BlockingQueue<Round> rounds = new LinkedBlockingQueue<>();
    private final Mirror mirror;
    private @Nullable Long eventAt;
    private long leaseId;

    /**
     * A round in which something was decided.
     *
     * @param deciding from the news being there until the decisions were
     * @param committedAt when the store had taken them, as {@link System#nanoTime}
     */
    record Round(int decisions, Duration deciding, long committedAt) {}

    MeasuredEngine(
            String machineId, FleetStore store, Keys keys, Duration ttl, MonotonicClock clock) {
        this.store = store;
        this.clock = clock;
        this.core = new EngineCore(machineId, keys, ttl, GRACE);
        this.loop = new EventLoop("bench-engine", this::act);
        loop.start();
        this.mirror = new Mirror("bench-engine-mirror", store, List.of(keys.engineRange()), this);
    }

    @Override
    public void listed(Listing listing) {
        loop.tell(() -> {
            core.load(listing.entries(), clock.now());
            started.complete(Duration.ofNanos(System.nanoTime() - began));
        });
    }

    @Override
    public void changed(List<Change> changes) {
        loop.tell(() -> {
            if (eventAt == null) {
                eventAt = System.nanoTime();
            }
            core.apply(changes, clock.now());
        });
    }

    /** How long the start took: reading everything from the store, and the model of it. */
    Duration awaitStart() throws InterruptedException, TimeoutException {
        try {
            return started.get(2, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on it decides, under that lease. */
    void lead(long lease) {
        loop.tell(() -> {
            leaseId = lease;
            core.lease(lease);
        });
    }

    /** The next round in which something was decided and stored. */
    Round awaitRound(Duration limit) throws InterruptedException, TimeoutException {
        Round round = rounds.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (round == null) {
            throw new TimeoutException(
                    "the engine decided nothing for " + limit.toSeconds() + " s");
        }
        return round;
    }

    /** Forgets rounds that nobody has waited for. */
    void forgetRounds() {
        rounds.clear();
    }

    private Optional<Duration> act() {
        var candidacy = core.candidacy();
        if (candidacy.isPresent()) {
            try {
                store.commit(candidacy.get(), leaseId);
            } catch (RegistryException e) {
                return Optional.of(AFTER_CANDIDACY);
            }
            return Optional.of(AFTER_CANDIDACY);
        }
        long from = eventAt == null ? System.nanoTime() : eventAt;
        List<Proposal> proposals = core.propose(clock.now());
        var deciding = Duration.ofNanos(System.nanoTime() - from);
        eventAt = null;
        int decisions = 0;
        for (Proposal proposal : proposals) {
            try {
                var committed = store.commit(proposal.txn(), leaseId);
                if (committed.held()) {
                    core.committed(proposal, committed.revision());
                    decisions += proposal.decisions().size();
                } else {
                    core.refused(proposal, clock.now());
                }
            } catch (RegistryException e) {
                core.refused(proposal, clock.now());
            }
        }
        if (decisions > 0) {
            rounds.add(new Round(decisions, deciding, System.nanoTime()));
        }
        return core.wakeAt(clock.now())
                .map(at -> at.minus(clock.now()))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }

    @Override
    public void close() {
        mirror.close();
        loop.close();
    }
}
