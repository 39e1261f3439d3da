package io.skerry.fleet.model;

import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which units to move so that machines have about as many as each other: from the fullest to the
 * emptiest, as long as that makes the two more equal, so that no unit ever moves back. A unit moves
 * once at most, and only one that runs and may run twice for the moment of its move; those that are
 * tied to others (by {@code MachineOf=} or {@code Replaces=}) stay.
 */
public final class Rebalance {
    private final ClusterSnapshot snapshot;
    private final Map<String, Resources> taken;
    private final Map<String, List<Unit>> placed = new TreeMap<>();
    private final Set<UnitName> peers = new HashSet<>();
    private final Set<UnitName> moved = new HashSet<>();

    /** One unit's move. */
    public record Move(UnitName unit, String from, String to) {}

    private Rebalance(ClusterSnapshot snapshot) {
        this.snapshot = snapshot;
        this.taken = new HashMap<>(snapshot.resourcesTaken());
        for (MachineState machine : snapshot.machines().values()) {
            if (!machine.closed()) {
                placed.put(machine.id(), new ArrayList<>());
            }
        }
        for (Unit unit : snapshot.units().values()) {
            peers.addAll(unit.requirements().machineOf());
            Placement placement = unit.placement();
            if (placement != null && placed.containsKey(placement.machineId())) {
                placed.get(placement.machineId()).add(unit);
            }
        }
    }

    /** The moves, in an order in which they may be made one after the other. */
    public static List<Move> plan(ClusterSnapshot snapshot) {
        var rebalance = new Rebalance(snapshot);
        var moves = new ArrayList<Move>();
        for (Move move = rebalance.next(); move != null; move = rebalance.next()) {
            moves.add(move);
        }
        return List.copyOf(moves);
    }

    private @Nullable Move next() {
        Comparator<String> byLoad = Comparator.comparingInt(id -> unitsOn(id).size());
        List<String> emptiestFirst = placed.keySet().stream().sorted(byLoad).toList();
        for (String from : emptiestFirst.reversed()) {
            for (String to : emptiestFirst) {
                if (unitsOn(from).size() - unitsOn(to).size() < 2) {
                    break;
                }
                for (Unit unit : unitsOn(from)) {
                    if (mayMove(unit) && fits(unit, from, to)) {
                        return move(unit, from, to);
                    }
                }
            }
        }
        return null;
    }

    private List<Unit> unitsOn(String machineId) {
        return placed.getOrDefault(machineId, List.of());
    }

    private boolean mayMove(Unit unit) {
        return unit.targetState() == TargetState.LAUNCHED
                && unit.requirements().overlap()
                && unit.requirements().machineOf().isEmpty()
                && unit.requirements().replaces().isEmpty()
                && !peers.contains(unit.name())
                && unit.finishedOn() == null
                && !moved.contains(unit.name())
                && !snapshot.released().containsKey(unit.name())
                && !snapshot.formerFiles().containsKey(unit.name());
    }

    private boolean fits(Unit unit, String from, String to) {
        MachineState machine = snapshot.machines().get(to);
        return machine != null
                && snapshot.refusal(
                                unit, machine, unitsOn(to), taken.getOrDefault(to, Resources.NONE))
                        == null
                && staysSpread(unit, from, to);
    }

    /** What is spread over a key may not be less even afterwards. */
    private boolean staysSpread(Unit unit, String from, String to) {
        Spread spread = unit.requirements().spread();
        if (spread == null || value(from, spread).equals(value(to, spread))) {
            return true;
        }
        return !value(to, spread).isEmpty() && count(to, spread) < count(from, spread);
    }

    private long count(String machineId, Spread spread) {
        String value = value(machineId, spread);
        return placed.entrySet().stream()
                .filter(there -> value(there.getKey(), spread).equals(value))
                .flatMap(there -> there.getValue().stream())
                .filter(unit -> spread.counts(unit.name()))
                .count();
    }

    private String value(String machineId, Spread spread) {
        MachineState machine = snapshot.machines().get(machineId);
        return machine == null ? "" : machine.metadata().getOrDefault(spread.key(), "");
    }

    private Move move(Unit unit, String from, String to) {
        unitsOn(from).remove(unit);
        unitsOn(to).add(unit);
        // It runs on both until the move is done.
        taken.merge(to, unit.requirements().request(), Resources::plus);
        moved.add(unit.name());
        return new Move(unit.name(), from, to);
    }
}
