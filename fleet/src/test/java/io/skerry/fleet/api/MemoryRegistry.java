package io.skerry.fleet.api;

import io.skerry.fleet.model.ClusterSnapshot;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Placement;
import io.skerry.fleet.model.Rebalance;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.StartNews;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.model.UnitStateReport;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.Rollout;
import io.skerry.fleet.store.SubmitOutcome;
import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A registry in memory whose machines and states a test sets by hand, or lets follow by themselves:
 * with {@link #obey} every unit is placed on the first machine that fits and does at once what is
 * wanted. All methods hold the object's lock.
 */
public final class MemoryRegistry implements Registry {
    private final SortedMap<String, MachineState> machines = new TreeMap<>();
    private final Map<String, MachineState> own = new HashMap<>();
    private final Map<String, TreeMap<String, String>> usersMetadata = new HashMap<>();
    private final SortedMap<UnitName, Unit> units = new TreeMap<>();
    private final SortedMap<String, UnitStateReport> states = new TreeMap<>();
    private final Set<UnitName> destroyedMeanwhile = new HashSet<>();
    private long revision = 1;
    private boolean away;
    private boolean awayAfterDrain;
    private int refused;
    private boolean obeying;

    /** Adds a machine that does not tell what it has. */
    public void machine(String id, String ip, Map<String, String> metadata) {
        machine(id, ip, metadata, Resources.NONE);
    }

    /** Adds a machine. */
    public synchronized void machine(
            String id, String ip, Map<String, String> metadata, Resources capacity) {
        var machine =
                new MachineState(
                        id, ip, new TreeMap<>(metadata), "boot", "0.1.0", false, false, capacity);
        own.put(id, machine);
        machines.put(id, machine);
        changed();
    }

    /** Takes a machine away with its states. */
    public synchronized void lose(String id) {
        machines.remove(id);
        states.values().removeIf(report -> report.machineId().equals(id));
        changed();
    }

    /** Sets what a machine says of a unit, with the hash of the present file. */
    public synchronized void report(
            String unit, String machineId, String load, String active, String sub) {
        report(unit, machineId, new UnitState(load, active, sub), StartNews.UNTOLD);
    }

    /** As the other one, with what the machine's agent says of the unit's start. */
    public synchronized void report(
            String unit, String machineId, UnitState state, StartNews start) {
        var name = new UnitName(unit);
        var known = units.get(name);
        String hash = known == null ? "0".repeat(40) : known.hash();
        states.put(
                unit + '\0' + machineId, new UnitStateReport(name, machineId, hash, state, start));
        changed();
    }

    /** Puts a unit on a machine. */
    public synchronized void place(String unit, String machineId) {
        var known = units.get(new UnitName(unit));
        if (known == null) {
            throw new IllegalArgumentException("no unit " + unit);
        }
        put(with(known, known.targetState(), new Placement(machineId, revision)));
    }

    /** The unit has lost its place. */
    public synchronized void unplace(String unit) {
        var known = units.get(new UnitName(unit));
        if (known == null) {
            throw new IllegalArgumentException("no unit " + unit);
        }
        put(with(known, known.targetState(), null));
    }

    /** The unit has run to its end there, and its place is given up. */
    public synchronized void finish(String unit, String machineId) {
        var known = units.get(new UnitName(unit));
        if (known == null) {
            throw new IllegalArgumentException("no unit " + unit);
        }
        put(
                new Unit(
                        known.name(),
                        known.file(),
                        known.requirements(),
                        known.targetState(),
                        null,
                        machineId));
    }

    /** From now on the cluster does what is wanted of it. */
    public synchronized void obey() {
        obeying = true;
    }

    /** From now on the store does not answer, or does again. */
    public synchronized void away(boolean isAway) {
        away = isAway;
        changed();
    }

    /** The store does not answer any more as soon as a machine is drained. */
    public synchronized void awayAfterDrain() {
        awayAfterDrain = true;
    }

    /** Returns when the store has left a request without an answer. */
    public synchronized void awaitRefusal() throws InterruptedException {
        while (refused == 0) {
            wait();
        }
    }

    /** Somebody else destroys the unit while the next request for many units is carried out. */
    public synchronized void destroyMeanwhile(String unit) {
        destroyedMeanwhile.add(new UnitName(unit));
    }

    @Override
    public synchronized List<MachineState> machines() throws RegistryException {
        answer();
        return List.copyOf(machines.values());
    }

    @Override
    public synchronized List<Unit> units() throws RegistryException {
        answer();
        return List.copyOf(units.values());
    }

    @Override
    public synchronized Optional<Unit> unit(UnitName name) throws RegistryException {
        answer();
        return Optional.ofNullable(units.get(name));
    }

    @Override
    public synchronized List<Unit> units(Collection<UnitName> names) throws RegistryException {
        return units().stream().filter(unit -> names.contains(unit.name())).toList();
    }

    @Override
    public synchronized Brought bring(List<Wish> wishes)
            throws InvalidUnitException, RegistryException {
        List<UnitName> unknown = new ArrayList<>();
        for (Wish wish : wishes) {
            refuseTemplate(wish.name(), wish.target());
            if (wish.file() != null) {
                var _ = UnitRequirements.parse(wish.name(), wish.file());
            } else if (!units.containsKey(wish.name())) {
                unknown.add(wish.name());
            }
        }
        if (!unknown.isEmpty()) {
            return new Brought.Unknown(unknown);
        }
        var destroyed = Set.copyOf(destroyedMeanwhile);
        destroyedMeanwhile.clear();
        for (UnitName name : destroyed) {
            destroy(name);
        }
        var gone = new TreeSet<UnitName>();
        for (Wish wish : wishes) {
            if (wish.file() != null) {
                submit(wish.name(), wish.file(), wish.target(), true);
            } else if (!setTargetState(wish.name(), wish.target())) {
                gone.add(wish.name());
            }
        }
        return gone.isEmpty() ? new Brought.All() : new Brought.AllBut(gone);
    }

    @Override
    public synchronized List<UnitName> destroyAll(Collection<UnitName> names)
            throws RegistryException {
        List<UnitName> unknown = new ArrayList<>();
        for (UnitName name : names) {
            if (!destroy(name)) {
                unknown.add(name);
            }
        }
        return unknown;
    }

    @Override
    public synchronized List<UnitStateReport> states(Collection<UnitName> names)
            throws RegistryException {
        return states().stream().filter(report -> names.contains(report.unit())).toList();
    }

    @Override
    public synchronized ClusterSnapshot snapshot() throws RegistryException {
        answer();
        return new ClusterSnapshot(revision, machines, units, new TreeMap<>(), new TreeMap<>());
    }

    @Override
    public synchronized boolean setDrained(String machineId, boolean drained)
            throws RegistryException {
        answer();
        var known = machines.get(machineId);
        if (known == null) {
            return false;
        }
        machines.put(machineId, known.with(new TreeMap<>(), drained));
        away = awayAfterDrain;
        changed();
        return true;
    }

    @Override
    public synchronized List<Rebalance.Move> rebalance() throws RegistryException {
        var moves = Rebalance.plan(snapshot());
        for (Rebalance.Move move : moves) {
            String unit = move.unit().value();
            states.remove(unit + '\0' + move.from());
            place(unit, move.to());
            report(unit, move.to(), "loaded", "active", "running");
        }
        return moves;
    }

    @Override
    public synchronized boolean changeMetadata(List<MetadataChange> changes)
            throws RegistryException {
        answer();
        if (!changes.stream().allMatch(change -> machines.containsKey(change.machineId()))) {
            return false;
        }
        for (MetadataChange change : changes) {
            var users = usersMetadata.computeIfAbsent(change.machineId(), m -> new TreeMap<>());
            if (change.value() == null) {
                users.remove(change.name());
            } else {
                users.put(change.name(), change.value());
            }
            machines.computeIfPresent(
                    change.machineId(),
                    (id, known) -> own.getOrDefault(id, known).with(users, false));
        }
        changed();
        return true;
    }

    @Override
    public synchronized SubmitOutcome submit(
            UnitName name, UnitFile file, TargetState target, boolean replace)
            throws InvalidUnitException, RegistryException {
        answer();
        var requirements = UnitRequirements.parse(name, file);
        refuseTemplate(name, target);
        var known = units.get(name);
        if (known != null && !known.file().equals(file) && !replace) {
            return SubmitOutcome.DIFFERS;
        }
        put(
                new Unit(
                        name,
                        file,
                        requirements,
                        target,
                        known == null ? null : known.placement(),
                        null));
        if (known == null) {
            return SubmitOutcome.CREATED;
        }
        return known.file().equals(file) ? SubmitOutcome.UNCHANGED : SubmitOutcome.REPLACED;
    }

    @Override
    public SubmitOutcome submitInTurn(
            UnitName name, UnitFile file, TargetState target, Rollout rollout)
            throws InvalidUnitException, RegistryException {
        return submit(name, file, target, true);
    }

    @Override
    public synchronized boolean setTargetState(UnitName name, TargetState target)
            throws InvalidUnitException, RegistryException {
        answer();
        refuseTemplate(name, target);
        var known = units.get(name);
        if (known == null) {
            return false;
        }
        put(with(known, target, known.placement()));
        return true;
    }

    @Override
    public synchronized boolean destroy(UnitName name) throws RegistryException {
        answer();
        boolean existed = units.remove(name) != null;
        if (obeying) {
            states.values().removeIf(report -> report.unit().equals(name));
        }
        changed();
        return existed;
    }

    @Override
    public synchronized List<UnitStateReport> states() throws RegistryException {
        answer();
        return List.copyOf(states.values());
    }

    @Override
    public synchronized List<UnitStateReport> states(UnitName name) throws RegistryException {
        answer();
        return states.values().stream().filter(r -> r.unit().equals(name)).toList();
    }

    @Override
    public synchronized long revision() throws RegistryException {
        answer();
        return revision;
    }

    @Override
    public boolean awaitChange(UnitName name, long afterRevision, Duration timeout)
            throws RegistryException, InterruptedException {
        return awaitAnyChange(afterRevision, timeout);
    }

    @Override
    public synchronized boolean awaitAnyChange(long afterRevision, Duration timeout)
            throws RegistryException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (revision <= afterRevision) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        answer();
        return true;
    }

    private void answer() throws RegistryException {
        if (away) {
            refused++;
            notifyAll();
            throw new RegistryException("the store does not answer");
        }
    }

    // A template's refusal comes from the model, as in the registry over a store.
    private static void refuseTemplate(UnitName name, TargetState target)
            throws InvalidUnitException {
        if (name.isTemplate() && target != TargetState.INACTIVE) {
            throw new InvalidUnitException(
                    name.value(),
                    List.of("a template cannot be " + target + "; use an instance of it"));
        }
    }

    private void put(Unit unit) {
        var settled = unit;
        if (obeying) {
            settled = settle(unit);
        }
        units.put(unit.name(), settled);
        changed();
    }

    private Unit settle(Unit unit) {
        states.values().removeIf(report -> report.unit().equals(unit.name()));
        if (!unit.targetState().needsPlacement() || unit.name().isTemplate()) {
            return with(unit, unit.targetState(), null);
        }
        boolean launched = unit.targetState() == TargetState.LAUNCHED;
        var state =
                new UnitState(
                        "loaded", launched ? "active" : "inactive", launched ? "running" : "dead");
        @Nullable Placement placement = null;
        for (MachineState machine : machines.values()) {
            if (unit.requirements().refusedBy(machine).isPresent()) {
                continue;
            }
            states.put(
                    unit.name().value() + '\0' + machine.id(),
                    new UnitStateReport(unit.name(), machine.id(), unit.hash(), state));
            if (!unit.global()) {
                placement = new Placement(machine.id(), revision);
                break;
            }
        }
        return with(unit, unit.targetState(), placement);
    }

    private static Unit with(Unit unit, TargetState target, @Nullable Placement placement) {
        return new Unit(unit.name(), unit.file(), unit.requirements(), target, placement, null);
    }

    private void changed() {
        revision++;
        notifyAll();
    }
}
