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
 */
public record ClusterSnapshot(
        long revision,
        SortedMap<String, MachineState> machines,
        SortedMap<UnitName, Unit> units,
        SortedMap<UnitName, String> released) {
    /** Keeps its own copies. */
    public ClusterSnapshot {
        machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
        units = Collections.unmodifiableSortedMap(new TreeMap<>(units));
        released = Collections.unmodifiableSortedMap(new TreeMap<>(released));
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
        var reasons = new TreeMap<UnitName, PlacementReason>();
        units.forEach((name, unit) -> reasons.put(name, reason(unit, placed, replacements)));
        return reasons;
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
            Unit unit, Map<String, List<Unit>> placed, Replacements replacements) {
        if (unit.name().isTemplate()) {
            return new PlacementReason.Template();
        }
        if (!unit.targetState().needsPlacement()) {
            return new PlacementReason.NotWanted();
        }
        if (unit.global()) {
            return new PlacementReason.EveryMachine();
        }
        String holder = released.get(unit.name());
        if (unit.placement() != null) {
            String machineId = unit.placement().machineId();
            return holder == null
                    ? new PlacementReason.Placed(machineId)
                    : new PlacementReason.Moving(machineId, holder);
        }
        if (holder != null) {
            return new PlacementReason.BeingReleased(holder);
        }
        if (machines.isEmpty()) {
            return new PlacementReason.NoMachines();
        }
        Refusal circle = circle(unit, replacements);
        var refusals = new TreeMap<String, Refusal>();
        for (MachineState machine : machines.values()) {
            Refusal refusal =
                    circle != null
                            ? circle
                            : refusal(unit, machine, placed.getOrDefault(machine.id(), List.of()));
            if (refusal == null) {
                return new PlacementReason.Pending();
            }
            refusals.put(machine.id(), refusal);
        }
        return new PlacementReason.NoMachineFits(refusals);
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

    private static @Nullable Refusal refusal(Unit unit, MachineState machine, List<Unit> there) {
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
            if (there.stream().noneMatch(other -> other.name().equals(peer))) {
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
        return null;
    }
}
