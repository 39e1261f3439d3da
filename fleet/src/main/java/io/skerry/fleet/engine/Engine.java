package io.skerry.fleet.engine;

import io.skerry.base.log.Log;
import io.skerry.base.time.MonotonicClock;
import io.skerry.fleet.loop.EventLoop;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.FleetStore;
import io.skerry.fleet.store.FleetStore.Committed;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Listing;
import io.skerry.fleet.store.Mirror;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.StoreTxn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The engine of one host: follows the cluster, stands for leader, and while it leads commits what
 * {@link EngineCore} decides. One loop owns the core and also waits for the store's answers, since
 * there is nothing to decide before they are in.
 */
public final class Engine implements AutoCloseable {
    private static final Log LOG = Log.of(Engine.class);
    private static final Duration AFTER_CANDIDACY = Duration.ofMillis(100);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

    private final FleetStore store;
    private final MonotonicClock clock;
    private final EngineCore core;
    private final EventLoop loop;
    private final Mirror mirror;
    private final EngineMetrics metrics;
    private volatile List<MachineState> machines = List.of();
    private long leaseId;
    private boolean led;

    /**
     * Starts an engine that leads only once it has a lease.
     *
     * @param clock must go on while this process is stopped
     */
    public Engine(
            String machineId,
            FleetStore store,
            Keys keys,
            Duration ttl,
            Duration grace,
            MonotonicClock clock,
            EngineMetrics metrics) {
        this.store = store;
        this.clock = clock;
        this.metrics = metrics;
        this.core = new EngineCore(machineId, keys, ttl, grace);
        this.loop = new EventLoop("fleet-engine", this::act);
        this.mirror =
                new Mirror(
                        "fleet-engine-mirror",
                        store,
                        List.of(keys.engineRange()),
                        new Mirror.Listener() {
                            @Override
                            public void listed(Listing listing) {
                                loop.tell(() -> core.load(listing.entries(), clock.now()));
                            }

                            @Override
                            public void changed(List<Change> changes) {
                                loop.tell(() -> core.apply(changes, clock.now()));
                            }
                        });
        loop.start();
    }

    /** The machine has this lease now, or none with 0. */
    public void lease(long id) {
        loop.tell(() -> {
            leaseId = id;
            core.lease(id);
        });
    }

    /** A renewal of the machine's lease, sent then by the engine's clock, was answered just now. */
    public void storeAnswered(Duration sent) {
        Duration now = clock.now();
        loop.tell(() -> {
            core.storeAnswered(sent, now);
            machines = core.machines();
        });
    }

    /** The machines of the cluster, as they were when the lease was renewed last. */
    public List<MachineState> machines() {
        return machines;
    }

    private Optional<Duration> act() {
        core.takeProblems().forEach(problem -> LOG.warn("key cannot be used", "why", problem));
        noteLeadership();
        Optional<StoreTxn> candidacy = core.candidacy();
        if (candidacy.isPresent()) {
            try {
                store.commit(candidacy.get(), leaseId);
                return Optional.of(AFTER_CANDIDACY); // Won or not, the mirror will tell.
            } catch (RegistryException e) {
                LOG.debug("cannot stand for leader", "cause", e.getMessage());
                return Optional.of(AFTER_FAILURE);
            }
        }
        if (led) {
            metrics.reconciled();
        }
        for (Proposal proposal : core.propose(clock.now())) {
            commit(proposal);
        }
        return core.wakeAt(clock.now()).map(at -> atLeastZero(at.minus(clock.now())));
    }

    private void commit(Proposal proposal) {
        try {
            Committed committed = store.commit(proposal.txn(), leaseId);
            if (committed.held()) {
                core.committed(proposal, committed.revision());
                proposal.decisions().forEach(this::tell);
                return;
            }
            LOG.info("cluster has changed meanwhile, deciding anew");
        } catch (RegistryException e) {
            LOG.warn("decisions could not be stored, deciding anew", "cause", e.getMessage());
        }
        metrics.refused(proposal);
        core.refused(proposal, clock.now());
    }

    private void tell(Decision decision) {
        metrics.decided(decision);
        switch (decision) {
            case Decision.Place(var unit, var machine) ->
                    LOG.info("unit placed", "unit", unit, "machine", machine);
            case Decision.Release(var unit, var machine, var cause) ->
                    LOG.info(
                            "unit taken from machine",
                            "unit",
                            unit,
                            "machine",
                            machine,
                            "cause",
                            cause);
            case Decision.Evict(var unit, var from, var to) ->
                    LOG.info("unit of a lost machine", "unit", unit, "lost", from, "machine", to);
            case Decision.Move(var unit, var from, var to) ->
                    LOG.info("unit moves", "unit", unit, "from", from, "machine", to);
            case Decision.Relieve(var unit, var machine) ->
                    LOG.info("unit is handed over", "unit", unit, "machine", machine);
            case Decision.Stay(var unit) -> LOG.info("unit is not moved", "unit", unit);
            case Decision.Renew(var unit) -> LOG.info("unit gets its new file", "unit", unit);
            case Decision.Forget(var unit, var machine) ->
                    LOG.info("unit is free of a lost machine", "unit", unit, "lost", machine);
        }
    }

    private void noteLeadership() {
        boolean leads = core.leads();
        if (leads != led) {
            led = leads;
            LOG.info(leads ? "engine leads" : "engine leads no more");
        }
        metrics.leads(leads);
    }

    private static Duration atLeastZero(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    @Override
    public void close() {
        mirror.close();
        loop.close();
    }
}
