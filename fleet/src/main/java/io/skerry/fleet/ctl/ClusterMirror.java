package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.api.schema.WatchEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cluster as a feed has told it so far. Used by one thread. */
final class ClusterMirror {
    private final Map<String, WatchEvent.UnitChanged> units = new HashMap<>();
    private final Map<String, Map<String, UnitStateEntity>> states = new HashMap<>();
    private final Map<String, Machine> machines = new HashMap<>();

    /** Units that were seen at work since the feed began, with the hash that they had. */
    private final Set<String> seenAtWork = new HashSet<>();

    private boolean synced;

    /** A feed begins anew, with all that there is. */
    void restart() {
        units.clear();
        states.clear();
        machines.clear();
        synced = false;
    }

    void apply(WatchEvent event) {
        switch (event) {
            case WatchEvent.UnitChanged unit -> units.put(unit.name(), unit);
            case WatchEvent.UnitGone(var name) -> units.remove(name);
            case WatchEvent.StateChanged(var state) -> {
                states.computeIfAbsent(state.name(), n -> new HashMap<>())
                        .put(state.machineId(), state);
                if (state.activeState().equals("activating")
                        || state.activeState().equals("active")) {
                    seenAtWork.add(state.name() + ' ' + state.hash());
                }
            }
            case WatchEvent.StateGone(var name, var machineId) ->
                    states.getOrDefault(name, new HashMap<>()).remove(machineId);
            case WatchEvent.MachineChanged(var machine) -> machines.put(machine.id(), machine);
            case WatchEvent.MachineGone(var id) -> machines.remove(id);
            case WatchEvent.Synced s -> synced = true;
            case WatchEvent.Alive a -> {
                // only proves that the connection lives
            }
        }
    }

    boolean synced() {
        return synced;
    }

    /** All units. */
    Collection<WatchEvent.UnitChanged> units() {
        return units.values();
    }

    /** All reported states. */
    Stream<UnitStateEntity> states() {
        return states.values().stream().flatMap(ofUnit -> ofUnit.values().stream());
    }

    /** All machines. */
    Collection<Machine> machines() {
        return machines.values();
    }

    boolean hasMachine(String id) {
        return machines.containsKey(id);
    }

    WatchEvent.@Nullable UnitChanged unit(String name) {
        return units.get(name);
    }

    @Nullable UnitStateEntity state(String name, String machineId) {
        return states.getOrDefault(name, Map.of()).get(machineId);
    }

    /** Names of the units that are on the machine, or are to be, apart from global ones. */
    SortedSet<String> unitsOn(String machineId) {
        var names = new TreeSet<String>();
        for (var unit : units.values()) {
            if (!unit.global()
                    && (unit.machineId().equals(machineId)
                            || state(unit.name(), machineId) != null)) {
                names.add(unit.name());
            }
        }
        return names;
    }

    boolean hasStates(String name) {
        return !states.getOrDefault(name, Map.of()).isEmpty();
    }

    boolean wasSeenAtWork(UnitStateEntity state) {
        return seenAtWork.contains(state.name() + ' ' + state.hash());
    }

    String machine(String id) {
        return new Legend(machines.values()).machine(id, false);
    }
}
