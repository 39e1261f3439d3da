package io.skerry.fleet.ctl;

import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.UnitEntity;
import io.skerry.fleet.api.schema.UnitStateEntity;
import io.skerry.fleet.api.schema.WatchEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The feed of an API that has none, such as the original's: asks twice a second what there is, and
 * tells what differs. Such an API does not say why a unit has no place.
 */
final class AskedFeed implements Feed {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** Of so few units each is asked for by itself; of more, all that there are. */
    private static final int FEW = 8;

    private final ApiClient api;
    private final Set<String> names;
    private final Deque<WatchEvent> events = new ArrayDeque<>();
    private Map<String, Machine> machines = new TreeMap<>();
    private Map<String, WatchEvent.UnitChanged> units = new TreeMap<>();
    private Map<String, UnitStateEntity> states = new TreeMap<>();

    /** When it was answered last; null: it was not yet. */
    private @Nullable Long asked;

    /**
     * Nothing is asked yet.
     *
     * @param names of the units to be told of; none: all
     */
    AskedFeed(ApiClient api, Collection<String> names) {
        this.api = api;
        this.names = new LinkedHashSet<>(names);
    }

    @Override
    public @Nullable WatchEvent next(Duration wait)
            throws CtlException, IOException, InterruptedException {
        if (!events.isEmpty()) {
            return events.poll();
        }
        Long last = asked;
        if (last != null) {
            long due = last + INTERVAL.toNanos() - System.nanoTime();
            if (due > wait.toNanos()) {
                TimeUnit.NANOSECONDS.sleep(wait.toNanos());
                return null;
            }
            TimeUnit.NANOSECONDS.sleep(due);
        }
        ask();
        // Not before: were the next time to come while it is still being asked, nothing would be
        // looked at any more for asking.
        asked = System.nanoTime();
        events.add(last == null ? new WatchEvent.Synced() : new WatchEvent.Alive());
        return events.poll();
    }

    private void ask() throws CtlException, IOException, InterruptedException {
        boolean few = !names.isEmpty() && names.size() <= FEW;
        var newMachines = new TreeMap<String, Machine>();
        api.machines().forEach(machine -> newMachines.put(machine.id(), machine));
        var newUnits = new TreeMap<String, WatchEvent.UnitChanged>();
        for (UnitEntity unit : few ? api.units(names).values() : api.units()) {
            if (isMeant(unit.name())) {
                newUnits.put(unit.name(), changed(unit));
            }
        }
        var newStates = new TreeMap<String, UnitStateEntity>();
        for (UnitStateEntity state : few ? statesOfFew() : api.states()) {
            if (isMeant(state.name())) {
                newStates.put(state.name() + ' ' + state.machineId(), state);
            }
        }
        tell(machines, newMachines, WatchEvent.MachineChanged::new);
        tell(units, newUnits, Function.identity());
        tell(states, newStates, WatchEvent.StateChanged::new);
        tellGone(states, newStates, s -> new WatchEvent.StateGone(s.name(), s.machineId()));
        tellGone(units, newUnits, unit -> new WatchEvent.UnitGone(unit.name()));
        tellGone(machines, newMachines, machine -> new WatchEvent.MachineGone(machine.id()));
        machines = newMachines;
        units = newUnits;
        states = newStates;
    }

    private boolean isMeant(String name) {
        return names.isEmpty() || names.contains(name);
    }

    private List<UnitStateEntity> statesOfFew()
            throws CtlException, IOException, InterruptedException {
        var found = new ArrayList<UnitStateEntity>();
        for (String name : names) {
            found.addAll(api.states(name));
        }
        return found;
    }

    private static WatchEvent.UnitChanged changed(UnitEntity unit) {
        return new WatchEvent.UnitChanged(
                unit.name(),
                LocalUnit.hash(unit.options()),
                unit.desiredState(),
                unit.currentState(),
                unit.machineId(),
                LocalUnit.isGlobal(unit),
                "");
    }

    private <V> void tell(
            Map<String, V> before, Map<String, V> now, Function<V, ? extends WatchEvent> event) {
        now.forEach((key, value) -> {
            if (!value.equals(before.get(key))) {
                events.add(event.apply(value));
            }
        });
    }

    private <V> void tellGone(
            Map<String, V> before, Map<String, V> now, Function<V, ? extends WatchEvent> event) {
        before.forEach((key, value) -> {
            if (!now.containsKey(key)) {
                events.add(event.apply(value));
            }
        });
    }

    @Override
    public void close() {
        events.clear();
    }
}
