package io.skerry.bench.fleet;

import io.skerry.base.time.MonotonicClock;
import io.skerry.etcd.client.LeaseKeeper;
import io.skerry.fleet.agent.AgentCore;
import io.skerry.fleet.agent.Observed;
import io.skerry.fleet.agent.Observed.Mark;
import io.skerry.fleet.agent.UnitAction;
import io.skerry.fleet.loop.EventLoop;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.FleetStore;
import io.skerry.fleet.store.KeyRange;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Listing;
import io.skerry.fleet.store.Mirror;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.StoreTxn;
import io.skerry.fleet.store.StoreTxn.Write;
import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A host with the real agent's core, watches and writes, and a systemd that does everything at
 * once. Its loop owns the core.
 */
final class SimulatedAgent implements Mirror.Listener, AutoCloseable {
    private static final UnitState INACTIVE = new UnitState("loaded", "inactive", "dead");
    private static final UnitState RUNNING = new UnitState("loaded", "active", "running");
    private static final Duration RETRY = Duration.ofMillis(500);

    private final FleetStore store;
    private final LeaseKeeper lease;
    private final MonotonicClock clock;
    private final Map<String, UnitFile> files;
    private final AgentCore core;
    private final EventLoop loop;
    private final Mirror mirror;

    private SimulatedAgent(
            MachineState machine,
            FleetStore store,
            Keys keys,
            LeaseKeeper lease,
            MonotonicClock clock,
            Map<String, UnitFile> files) {
        this.store = store;
        this.lease = lease;
        this.clock = clock;
        this.files = files;
        this.core = new AgentCore(machine, keys);
        this.loop = new EventLoop("agent-" + machine.id(), this::act);
        this.mirror =
                new Mirror(
                        "mirror-" + machine.id(),
                        store,
                        List.of(
                                KeyRange.under(keys.schedule(machine.id())),
                                KeyRange.under(keys.schedule(Keys.GLOBAL)),
                                KeyRange.under(keys.metadata(machine.id()))),
                        this);
    }

    /**
     * Registers the machine under the lease and starts its agent.
     *
     * @param files of all units by hash, so that they need not be fetched
     */
    static SimulatedAgent start(
            MachineState machine,
            FleetStore store,
            Keys keys,
            LeaseKeeper lease,
            MonotonicClock clock,
            Map<String, UnitFile> files)
            throws RegistryException {
        var registration = new Write.PutLeased(keys.machine(machine.id()), Codec.encode(machine));
        store.commit(new StoreTxn(List.of(), List.of(registration)), lease.id().value());
        var agent = new SimulatedAgent(machine, store, keys, lease, clock, files);
        agent.loop.start();
        return agent;
    }

    @Override
    public void listed(Listing listing) {
        loop.tell(() -> core.orders(listing.entries()));
    }

    @Override
    public void changed(List<Change> changes) {
        loop.tell(() -> core.apply(changes));
    }

    private Optional<Duration> act() {
        core.missingFiles()
                .forEach((hash, unit) -> {
                    UnitFile file = files.get(hash);
                    if (file != null) {
                        core.file(hash, file);
                    }
                });
        for (var actions = core.decide(clock.now());
                !actions.isEmpty();
                actions = core.decide(clock.now())) {
            actions.forEach(this::perform);
            actions.forEach(action -> core.done(action.unit()));
        }
        try {
            tell();
            return Optional.empty();
        } catch (RegistryException e) {
            return Optional.of(RETRY);
        }
    }

    private void perform(UnitAction action) {
        UnitName unit = action.unit();
        Observed seen = core.observed(unit);
        core.observe(
                unit,
                switch (action) {
                    case UnitAction.Load(_, var file) -> linked(unit, file);
                    case UnitAction.Start _ -> seen.withMark(Mark.STARTED).withState(RUNNING);
                    case UnitAction.Stop _ -> seen.withMark(Mark.NONE).withState(INACTIVE);
                    case UnitAction.Unload _ -> Observed.NOTHING;
                });
    }

    private static Observed linked(UnitName unit, UnitFile file) {
        try {
            return new Observed(
                    file.sha1Hash(), UnitRequirements.parse(unit, file), Mark.NONE, INACTIVE);
        } catch (InvalidUnitException e) {
            throw new IllegalStateException("the benchmark's own unit file is refused", e);
        }
    }

    private void tell() throws RegistryException {
        long id = lease.id().value();
        List<AgentCore.Answer> answers = new ArrayList<>(core.releases());
        answers.addAll(core.progress());
        for (AgentCore.Answer answer : answers) {
            if (store.commit(answer.txn(), id).held()) {
                core.answered(answer);
            }
        }
        for (var report = core.report(); report.isPresent(); report = core.report()) {
            store.commit(report.get().txn(), id);
            core.reported(report.get());
        }
    }

    @Override
    public void close() {
        mirror.close();
        loop.close();
        lease.abandon();
    }
}
