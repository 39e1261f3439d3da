package io.skerry.fleet.engine;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Placement;
import io.skerry.fleet.model.Replacements;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.JobObject;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Keys.Place;
import io.skerry.fleet.store.Order;
import io.skerry.fleet.store.Outcome;
import io.skerry.fleet.store.RegistryException;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The engine's view, kept by single changes of the store, and the units that a change may concern,
 * so that a round costs what changed and not what exists. Changes may be told twice; an older one
 * than is known of a key is ignored. Not thread-safe.
 */
final class ClusterModel implements ClusterView {
    private final Keys keys;
    private final Map<UnitName, Job> jobs = new HashMap<>();
    private final TreeMap<String, MachineState> machines = new TreeMap<>();
    private final Map<String, MachineState> machinesOwnWords = new HashMap<>();
    private final Map<String, TreeMap<String, String>> usersMetadata = new HashMap<>();
    private final Set<String> drained = new HashSet<>();
    private final Map<String, Long> machineRevisions = new HashMap<>();
    private final Map<String, TreeSet<UnitName>> unitsByMachine = new HashMap<>();
    private final Map<UnitName, Set<UnitName>> dependents = new HashMap<>();
    private final Map<UnitName, UnitRequirements> replacers = new HashMap<>();
    private final Map<UnitName, Job> demandingGlobals = new HashMap<>();

    /** How many units that are to be on a machine have which priority. */
    private final TreeMap<Integer, Integer> priorities = new TreeMap<>();

    private final Turns turns = new Turns();

    private final Set<String> givenUp = new HashSet<>();
    private final TreeSet<UnitName> homeless = new TreeSet<>();
    private final TreeSet<UnitName> dirty = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    /** True when a unit that fitted nowhere may fit now. */
    private boolean roomMade;

    private @Nullable Entry leader;

    ClusterModel(Keys keys) {
        this.keys = keys;
    }

    void apply(Change change) {
        Place place = keys.locate(change.key()).orElse(null);
        Entry entry = change instanceof Change.Written written ? written.entry() : null;
        switch (place) {
            case Place.JobObject(var unit) -> applyObject(unit, entry, change);
            case Place.JobTargetState(var unit) -> {
                TargetState state =
                        entry == null
                                ? TargetState.INACTIVE
                                : TargetState.parse(entry.value()).orElse(TargetState.INACTIVE);
                replace(jobOrNew(unit).withTarget(state, entry == null ? 0 : entry.modRevision()));
            }
            case Place.JobTarget(var unit) ->
                    replace(
                            jobOrNew(unit)
                                    .withPlacement(
                                            entry == null
                                                    ? null
                                                    : new Placement(
                                                            entry.value(), entry.modRevision())));
            case Place.JobMove(var unit) ->
                    replace(jobOrNew(unit).withMoveTo(entry == null ? null : entry.value()));
            case Place.JobNext(var unit) -> replace(jobOrNew(unit).withNext(next(unit, entry)));
            case Place.JobOutcome(var unit) -> replace(jobOrNew(unit).withOutcome(outcome(entry)));
            case Place.Schedule(var machineId, var unit) -> {
                if (!machineId.equals(Keys.GLOBAL)) {
                    replace(jobOrNew(unit).withOrder(machineId, order(entry)));
                }
            }
            case Place.Machine(var id) -> applyMachine(id, entry);
            case Place.Metadata(var id, var name) -> {
                var metadata = usersMetadata.computeIfAbsent(id, m -> new TreeMap<>());
                if (entry == null) {
                    metadata.remove(name);
                } else {
                    metadata.put(name, entry.value());
                }
                describe(id);
            }
            case Place.Drain(var id) -> {
                if (entry == null) {
                    drained.remove(id);
                } else {
                    drained.add(id);
                }
                describe(id);
            }
            case Place.EngineLeader() -> leader = entry;
            case Place.State(_, _), Place.Other() -> {}
            case null -> {}
        }
    }

    private void applyObject(UnitName unit, @Nullable Entry entry, Change change) {
        JobObject object = null;
        if (entry != null) {
            try {
                object = Codec.job(unit, entry);
            } catch (RegistryException e) {
                problems.add(Objects.requireNonNullElse(e.getMessage(), change.key()));
            }
        }
        Job before = jobOrNew(unit);
        Job after = before.withObject(object, entry == null ? 0 : entry.modRevision());
        depend(before, false);
        depend(after, true);
        replace(after);
        // Its new requirements may be at odds with its neighbours, or no longer be.
        for (String machineId : placesOf(after)) {
            dirty.addAll(unitsOn(machineId));
        }
        roomMade = true;
    }

    private Job.@Nullable Next next(UnitName unit, @Nullable Entry entry) {
        if (entry == null) {
            return null;
        }
        try {
            return new Job.Next(Codec.job(unit, entry), entry.value(), entry.modRevision());
        } catch (RegistryException e) {
            problems.add(Objects.requireNonNullElse(e.getMessage(), entry.key()));
            return null;
        }
    }

    private @Nullable Outcome outcome(@Nullable Entry entry) {
        if (entry == null) {
            return null;
        }
        try {
            return Codec.outcome(entry);
        } catch (RegistryException e) {
            problems.add(Objects.requireNonNullElse(e.getMessage(), entry.key()));
            return null;
        }
    }

    private void applyMachine(String id, @Nullable Entry entry) {
        MachineState machine = null;
        if (entry != null) {
            try {
                machine = Codec.machine(entry);
            } catch (RegistryException e) {
                problems.add(Objects.requireNonNullElse(e.getMessage(), entry.key()));
            }
        }
        if (machine == null || entry == null) {
            machinesOwnWords.remove(id);
            machineRevisions.remove(id);
        } else {
            machinesOwnWords.put(id, machine);
            machineRevisions.put(id, entry.modRevision());
            givenUp.remove(id);
        }
        describe(id);
    }

    /** Puts together what the machine and its users say of it. */
    private void describe(String id) {
        MachineState machine = machinesOwnWords.get(id);
        if (machine == null) {
            machines.remove(id);
        } else {
            var metadata = usersMetadata.getOrDefault(id, new TreeMap<>());
            machines.put(id, machine.with(metadata, drained.contains(id)));
        }
        dirty.addAll(unitsOn(id));
        roomMade = true;
    }

    private Job.@Nullable Placed order(@Nullable Entry entry) {
        if (entry == null) {
            return null;
        }
        try {
            return new Job.Placed(Codec.order(entry), entry.modRevision());
        } catch (RegistryException e) {
            problems.add(Objects.requireNonNullElse(e.getMessage(), entry.key()));
            return new Job.Placed(new Order(Order.Duty.UNLOAD, ""), entry.modRevision());
        }
    }

    private void depend(Job job, boolean add) {
        if (job.requirements() != null) {
            for (UnitName peer : job.requirements().machineOf()) {
                Set<UnitName> of = dependents.computeIfAbsent(peer, p -> new HashSet<>());
                if (add) {
                    of.add(job.name());
                } else {
                    of.remove(job.name());
                }
                if (of.isEmpty()) {
                    dependents.remove(peer);
                }
            }
        }
    }

    private void replace(Job after) {
        UnitName unit = after.name();
        Job before = jobOrNew(unit);
        for (String machineId : placesOf(before)) {
            if (!after.isOn(machineId)) {
                roomMade = true;
                TreeSet<UnitName> units = unitsByMachine.get(machineId);
                if (units != null && units.remove(unit) && units.isEmpty()) {
                    unitsByMachine.remove(machineId);
                }
            }
        }
        for (String machineId : placesOf(after)) {
            unitsByMachine.computeIfAbsent(machineId, m -> new TreeSet<>()).add(unit);
        }
        noteReplacing(after);
        noteDemand(after);
        notePriority(before, -1);
        notePriority(after, 1);
        turns.note(before, after);
        dirty.addAll(turns.concernedBy(before, after));
        if (after.vanished()) {
            jobs.remove(unit);
        } else {
            jobs.put(unit, after);
        }
        if (after.seeksPlace() && after.placement() == null) {
            homeless.add(unit);
        } else {
            homeless.remove(unit);
        }
        dirty.add(unit);
        dirty.addAll(dependents.getOrDefault(unit, Set.of()));
    }

    private void noteReplacing(Job after) {
        UnitRequirements requirements = after.requirements();
        if (requirements == null || requirements.replaces().isEmpty() || !after.wantsPlacement()) {
            replacers.remove(after.name());
            return;
        }
        replacers.put(after.name(), requirements);
        if (after.machine() != null) {
            // Whom it replaces has to leave.
            dirty.addAll(unitsOn(after.machine()));
        }
    }

    /** What a global unit asks for is kept free on every machine, whoever comes first. */
    private void noteDemand(Job after) {
        if (after.wantsEveryMachine() && !after.request().isNone()) {
            demandingGlobals.put(after.name(), after);
        } else if (demandingGlobals.remove(after.name()) != null) {
            roomMade = true;
        }
    }

    private void notePriority(Job job, int count) {
        if (job.wantsPlacement()) {
            priorities.merge(job.priority(), count, (a, b) -> a + b == 0 ? null : a + b);
        }
    }

    private static Set<String> placesOf(Job job) {
        if (job.machine() == null) {
            return job.orders().keySet();
        }
        var places = new HashSet<>(job.orders().keySet());
        places.add(job.machine());
        return places;
    }

    private Job jobOrNew(UnitName unit) {
        Job job = jobs.get(unit);
        return job == null ? Job.unknown(unit) : job;
    }

    /** The units to look at in the next round. */
    SortedSet<UnitName> takeDirty() {
        var taken = new TreeSet<>(dirty);
        if (roomMade) {
            taken.addAll(seeking());
        } else if (priorities.size() > 1) {
            taken.addAll(seekingBefore(taken));
        }
        dirty.clear();
        roomMade = false;
        return taken;
    }

    /** Units that fitted nowhere: free ones, and those that are left on lost machines. */
    private Set<UnitName> seeking() {
        var seeking = new HashSet<>(homeless);
        givenUp.forEach(machineId -> seeking.addAll(unitsOn(machineId)));
        return seeking;
    }

    /** Of these the ones that go before others which are looked at; room may be kept for them. */
    private Set<UnitName> seekingBefore(Set<UnitName> looked) {
        Set<UnitName> seeking = seeking();
        int lowest =
                looked.stream()
                        .filter(seeking::contains)
                        .mapToInt(unit -> jobOrNew(unit).priority())
                        .min()
                        .orElse(Integer.MAX_VALUE);
        seeking.removeIf(unit -> jobOrNew(unit).priority() <= lowest);
        return seeking;
    }

    boolean hasDirty() {
        return !dirty.isEmpty() || (roomMade && !seeking().isEmpty());
    }

    /** Has a unit looked at again. */
    void touch(UnitName unit) {
        dirty.add(unit);
    }

    /** Sentences about keys that could not be read, each told once. */
    List<String> takeProblems() {
        var taken = List.copyOf(problems);
        problems.clear();
        return taken;
    }

    /** Machines that are not registered, although units are placed there or stopped there. */
    Set<String> missingMachines() {
        var missing = new TreeSet<>(unitsByMachine.keySet());
        missing.removeAll(machines.keySet());
        return missing;
    }

    /** From now on the machine, which must not be registered, counts as gone. */
    void giveUp(String machineId) {
        if (!machines.containsKey(machineId) && givenUp.add(machineId)) {
            dirty.addAll(unitsOn(machineId));
        }
    }

    /** Takes back what {@link #giveUp} said of all machines. */
    void hopeAgain() {
        givenUp.clear();
    }

    @Nullable Entry leader() {
        return leader;
    }

    @Override
    public Collection<Job> jobs() {
        return jobs.values();
    }

    @Override
    public boolean isInTurn(Job job) {
        return turns.isNext(job, this);
    }

    @Override
    public int lowestPriority() {
        return priorities.isEmpty() ? 0 : priorities.firstKey();
    }

    @Override
    public Collection<MachineState> machines() {
        return machines.values();
    }

    @Override
    public @Nullable MachineState machine(String machineId) {
        return machines.get(machineId);
    }

    @Override
    public Presence presence(String machineId) {
        MachineState machine = machines.get(machineId);
        if (machine != null) {
            return machine.closed() ? Presence.CLOSED : Presence.PRESENT;
        }
        return givenUp.contains(machineId) ? Presence.GIVEN_UP : Presence.MISSING;
    }

    @Override
    public @Nullable Job job(UnitName unit) {
        return jobs.get(unit);
    }

    @Override
    public Set<UnitName> joining(UnitName unit) {
        return Collections.unmodifiableSet(dependents.getOrDefault(unit, Set.of()));
    }

    @Override
    public SortedSet<UnitName> unitsOn(String machineId) {
        TreeSet<UnitName> units = unitsByMachine.get(machineId);
        return units == null
                ? Collections.emptySortedSet()
                : Collections.unmodifiableSortedSet(units);
    }

    @Override
    public Collection<Job> demandingGlobals() {
        return demandingGlobals.values();
    }

    @Override
    public Replacements replacements() {
        return new Replacements(replacers);
    }

    @Override
    public long machineRevision(String machineId) {
        return machineRevisions.getOrDefault(machineId, 0L);
    }
}
