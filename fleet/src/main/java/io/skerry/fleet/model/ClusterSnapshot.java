package io.skerry.fleet.model;

import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Machines and units as they were together at one revision of the store.
 *
 * @param machines by id
 * @param units by name
 * @param released units that are still being stopped, or handed over, with a machine other than
 *     their place that does so
 * @param formerFiles units that go on with their former files, since others get theirs before
 */
public record ClusterSnapshot(
        long revision,
        SortedMap<String, MachineState> machines,
        SortedMap<UnitName, Unit> units,
        SortedMap<UnitName, String> released,
        SortedMap<UnitName, FormerFile> formerFiles) {
    /** Keeps its own copies. */
    public ClusterSnapshot {
        machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
        units = Collections.unmodifiableSortedMap(new TreeMap<>(units));
        released = Collections.unmodifiableSortedMap(new TreeMap<>(released));
        formerFiles = Collections.unmodifiableSortedMap(new TreeMap<>(formerFiles));
    }

    /** For every unit, why it is where it is. */
    public SortedMap<UnitName, PlacementReason> reasons() {
        Map<String, List<Unit>> placed = new HashMap<>();
        for (Unit unit : units.values()) {
            if (unit.placement() != null) {
                placed.computeIfAbsent(unit.placement().machineId(), m -> new ArrayList<>())
                        .add(unit);
            }
        }
        var replacements = replacements();
        var taken = resourcesTaken();
        var reasons = new TreeMap<UnitName, PlacementReason>();
        units.forEach((name, unit) -> reasons.put(name, reason(unit, placed, replacements, taken)));
        return reasons;
    }

    /**
     * For every machine that is there, what of it is taken: by units that are placed on it, or
     * still have to leave it, and by global ones that it fits, whether or not they run yet.
     */
    public Map<String, Resources> resourcesTaken() {
        var taken = takenByPlaced();
        for (Unit global : globals()) {
            for (MachineState machine : machines.values()) {
                if (global.requirements().refusedBy(machine).isEmpty()) {
                    taken.merge(machine.id(), global.requirements().request(), Resources::plus);
                }
            }
        }
        return taken;
    }

    private Map<String, Resources> takenByPlaced() {
        var taken = new HashMap<String, Resources>();
        for (Unit unit : units.values()) {
            Resources request = unit.requirements().request();
            if (unit.placement() != null && !request.isNone()) {
                taken.merge(unit.placement().machineId(), request, Resources::plus);
            }
            String holder = released.get(unit.name());
            if (holder != null && !request.isNone()) {
                taken.merge(holder, request, Resources::plus);
            }
        }
        return taken;
    }

    /** Global units that are to run, in the order in which machines take them. */
    private List<Unit> globals() {
        return units.values().stream()
                .filter(unit -> unit.global() && unit.targetState().needsPlacement())
                .filter(unit -> !unit.name().isTemplate())
                .toList();
    }

    /** A machine's own units come first, then global ones by name. */
    private PlacementReason everyMachine(Unit global) {
        var taken = takenByPlaced();
        var refusals = new TreeMap<String, Refusal>();
        for (MachineState machine : machines.values()) {
            for (Unit other : globals()) {
                Resources request = other.requirements().request();
                Resources before = taken.getOrDefault(machine.id(), Resources.NONE);
                Refusal refusal =
                        other.requirements()
                                .refusedBy(machine)
                                .orElse(
                                        request.fitsInto(machine.capacity(), before)
                                                ? null
                                                : new Refusal.LacksResources(
                                                        request, machine.capacity(), before));
                if (other.name().equals(global.name())) {
                    if (refusal != null) {
                        refusals.put(machine.id(), refusal);
                    }
                    break;
                }
                if (refusal == null) {
                    taken.merge(machine.id(), request, Resources::plus);
                }
            }
        }
        return new PlacementReason.EveryMachine(refusals);
    }

    private Replacements replacements() {
        Map<UnitName, UnitRequirements> replacers = new HashMap<>();
        units.forEach((name, unit) -> {
            if (!unit.requirements().replaces().isEmpty()
                    && unit.targetState().needsPlacement()
                    && !name.isTemplate()) {
                replacers.put(name, unit.requirements());
            }
        });
        return new Replacements(replacers);
    }

    private PlacementReason reason(
            Unit unit,
            Map<String, List<Unit>> placed,
            Replacements replacements,
            Map<String, Resources> taken) {
        if (unit.name().isTemplate()) {
            return new PlacementReason.Template();
        }
        if (!unit.targetState().needsPlacement()) {
            return new PlacementReason.NotWanted();
        }
        if (unit.global()) {
            return everyMachine(unit);
        }
        String holder = released.get(unit.name());
        if (unit.placement() != null) {
            String machineId = unit.placement().machineId();
            if (!machines.containsKey(machineId)) {
                if (unit.finishedOn() != null) {
                    return new PlacementReason.Finished(unit.finishedOn());
                }
                var refusals = refusals(unit, placed, replacements, taken);
                return refusals.size() < machines.size()
                        ? new PlacementReason.Pending()
                        : new PlacementReason.OnLostMachine(machineId, refusals);
            }
            FormerFile former = formerFiles.get(unit.name());
            if (former != null) {
                return new PlacementReason.WithFormerFile(machineId, former);
            }
            return holder == null
                    ? new PlacementReason.Placed(machineId)
                    : new PlacementReason.Moving(machineId, holder);
        }
        if (holder != null) {
            return new PlacementReason.BeingReleased(holder);
        }
        if (unit.finishedOn() != null) {
            return new PlacementReason.Finished(unit.finishedOn());
        }
        if (machines.isEmpty()) {
            return new PlacementReason.NoMachines();
        }
        var refusals = refusals(unit, placed, replacements, taken);
        return refusals.size() < machines.size()
                ? new PlacementReason.Pending()
                : new PlacementReason.NoMachineFits(refusals);
    }

    /** Which machines do not take the unit, and why. */
    private SortedMap<String, Refusal> refusals(
            Unit unit,
            Map<String, List<Unit>> placed,
            Replacements replacements,
            Map<String, Resources> taken) {
        Refusal circle = circle(unit, replacements);
        var refusals = new TreeMap<String, Refusal>();
        for (MachineState machine : machines.values()) {
            Refusal refusal =
                    circle != null
                            ? circle
                            : refusal(
                                    unit,
                                    machine,
                                    placed.getOrDefault(machine.id(), List.of()),
                                    taken.getOrDefault(machine.id(), Resources.NONE));
            if (refusal != null) {
                refusals.put(machine.id(), refusal);
            }
        }
        return refusals;
    }

    private @Nullable Refusal circle(Unit unit, Replacements replacements) {
        for (UnitName other : replacements.circleOf(unit.name())) {
            Unit rival = units.get(other);
            if (rival != null && rival.placement() != null) {
                return new Refusal.CircularReplacement(other);
            }
        }
        return null;
    }

    /** Why the unit cannot go to the machine where those are; null when it can. */
    @Nullable Refusal refusal(Unit unit, MachineState machine, List<Unit> there, Resources taken) {
        if (machine.leaving()) {
            return new Refusal.MachineLeaving();
        }
        if (machine.drained()) {
            return new Refusal.MachineDrained();
        }
        var byItself = unit.requirements().refusedBy(machine);
        if (byItself.isPresent()) {
            return byItself.get();
        }
        for (UnitName peer : unit.requirements().machineOf()) {
            Unit joined = units.get(peer);
            if (joined == null || !machine.id().equals(joined.home())) {
                return new Refusal.PeerElsewhere(peer);
            }
        }
        for (Unit other : there) {
            if (UnitRequirements.conflict(
                    unit.name(), unit.requirements(), other.name(), other.requirements())) {
                return new Refusal.ConflictsWith(other.name());
            }
            if (!other.name().equals(unit.name()) && other.requirements().replaces(unit.name())) {
                return new Refusal.ReplacedBy(other.name());
            }
        }
        Resources request = unit.requirements().request();
        return request.fitsInto(machine.capacity(), taken)
                ? null
                : new Refusal.LacksResources(request, machine.capacity(), taken);
    }
}
