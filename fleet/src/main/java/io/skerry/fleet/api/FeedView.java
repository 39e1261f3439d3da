package io.skerry.fleet.api;

import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.api.schema.WatchEvent;
import io.skerry.fleet.model.ClusterSnapshot;
import io.skerry.fleet.model.PlacementReason;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.model.UnitStateReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that the feed tells, as it was at one revision of the store or later. Immutable.
 *
 * @param states by unit and machine, see {@link #key}
 */
record FeedView(
        long revision,
        SortedMap<String, WatchEvent.UnitChanged> units,
        SortedMap<String, UnitStateEntity> states,
        SortedMap<String, Machine> machines) {
    static final FeedView NOTHING =
            new FeedView(0, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    FeedView {
        units = Collections.unmodifiableSortedMap(units);
        states = Collections.unmodifiableSortedMap(states);
        machines = Collections.unmodifiableSortedMap(machines);
    }

    static FeedView of(ClusterSnapshot snapshot, List<UnitStateReport> reports) {
        Map<String, List<UnitStateReport>> ofUnit = new HashMap<>();
        var states = new TreeMap<String, UnitStateEntity>();
        for (UnitStateReport report : reports) {
            ofUnit.computeIfAbsent(report.unit().value(), u -> new ArrayList<>()).add(report);
            states.put(key(report.unit().value(), report.machineId()), Entities.state(report));
        }
        var reasons = snapshot.reasons();
        var units = new TreeMap<String, WatchEvent.UnitChanged>();
        for (Unit unit : snapshot.units().values()) {
            String name = unit.name().value();
            units.put(
                    name,
                    new WatchEvent.UnitChanged(
                            name,
                            unit.hash(),
                            unit.targetState().wireName(),
                            Entities.currentState(unit, ofUnit.getOrDefault(name, List.of())),
                            Entities.machineId(unit),
                            unit.global(),
                            obstacle(reasons.get(unit.name()))));
        }
        var machines = new TreeMap<String, Machine>();
        snapshot.machines().forEach((id, machine) -> machines.put(id, Entities.machine(machine)));
        return new FeedView(snapshot.revision(), units, states, machines);
    }

    /** What stands against a unit's placement; empty when it is placed, or need not be. */
    private static String obstacle(@Nullable PlacementReason reason) {
        return switch (reason) {
            case null -> "";
            case PlacementReason.Placed placed -> "";
            case PlacementReason.WithFormerFile former -> former.describe();
            case PlacementReason.Finished finished -> "";
            case PlacementReason.Moving moving -> "";
            case PlacementReason.NotWanted notWanted -> "";
            case PlacementReason.Template template -> "";
            case PlacementReason.EveryMachine everyMachine -> "";
            case PlacementReason.NoMachines none -> none.describe();
            case PlacementReason.BeingReleased released -> released.describe();
            case PlacementReason.Pending pending -> pending.describe();
            case PlacementReason.OnLostMachine lost -> lost.describe();
            case PlacementReason.NoMachineFits none -> none.describe();
        };
    }

    /**
     * What to tell somebody who knows the older view. Machines come first and units before their
     * states, so that a reader always knows what an event is about.
     *
     * @param wanted names of units; events of others are left out
     */
    List<WatchEvent> since(FeedView older, Predicate<String> wanted) {
        var events = new ArrayList<WatchEvent>();
        changes(older.machines, machines, WatchEvent.MachineChanged::new, events);
        removals(older.machines, machines, m -> new WatchEvent.MachineGone(m.id()), events);
        changes(
                filter(older.units, u -> wanted.test(u.name())),
                filter(units, u -> wanted.test(u.name())),
                Function.identity(),
                events);
        removals(
                filter(older.states, s -> wanted.test(s.name())),
                states,
                s -> new WatchEvent.StateGone(s.name(), s.machineId()),
                events);
        changes(
                filter(older.states, s -> wanted.test(s.name())),
                filter(states, s -> wanted.test(s.name())),
                WatchEvent.StateChanged::new,
                events);
        removals(
                filter(older.units, u -> wanted.test(u.name())),
                units,
                u -> new WatchEvent.UnitGone(u.name()),
                events);
        return events;
    }

    private static String key(String unit, String machineId) {
        return unit + '\0' + machineId;
    }

    private static <V> SortedMap<String, V> filter(SortedMap<String, V> all, Predicate<V> wanted) {
        var some = new TreeMap<String, V>();
        all.forEach((key, value) -> {
            if (wanted.test(value)) {
                some.put(key, value);
            }
        });
        return some;
    }

    private static <V> void changes(
            SortedMap<String, V> older,
            SortedMap<String, V> newer,
            Function<V, ? extends WatchEvent> event,
            List<WatchEvent> events) {
        newer.forEach((key, value) -> {
            if (!value.equals(older.get(key))) {
                events.add(event.apply(value));
            }
        });
    }

    private static <V> void removals(
            SortedMap<String, V> older,
            SortedMap<String, V> newer,
            Function<V, ? extends WatchEvent> event,
            List<WatchEvent> events) {
        older.forEach((key, value) -> {
            if (!newer.containsKey(key)) {
                events.add(event.apply(value));
            }
        });
    }
}
