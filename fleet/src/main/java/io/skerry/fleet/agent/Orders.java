package io.skerry.fleet.agent;

import io.skerry.fleet.agent.Wanted.Goal;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Keys.Place;
import io.skerry.fleet.store.Order;
import io.skerry.fleet.store.Order.Duty;
import io.skerry.fleet.store.RegistryException;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the store orders of one machine, and of all, with the unit files meant. Not thread-safe. */
final class Orders {
    private final Keys keys;
    private final TreeMap<UnitName, Placed> own = new TreeMap<>();
    private final TreeMap<UnitName, Placed> global = new TreeMap<>();
    private final Map<String, UnitFile> files = new HashMap<>();

    /** What orders mean, found once: all of them are looked at after each piece of news. */
    private final Map<UnitName, Understood> understood = new HashMap<>();

    private final List<String> problems = new ArrayList<>();
    private final Set<String> told = new HashSet<>();

    /** An order with the revisions of its key; it was created together with the placement. */
    record Placed(Order order, long generation, long revision) {}

    private record Understood(Order order, UnitFile file, Wanted wanted) {}

    Orders(Keys keys) {
        this.keys = keys;
    }

    /** Forgets all orders, but not the files, and takes over those listed. */
    void load(Collection<Entry> entries) {
        own.clear();
        global.clear();
        understood.clear();
        entries.forEach(entry -> apply(new Change.Written(entry)));
    }

    void apply(Change change) {
        if (!(keys.locate(change.key()).orElse(null)
                instanceof Place.Schedule(var machineId, var unit))) {
            return;
        }
        TreeMap<UnitName, Placed> orders = machineId.equals(Keys.GLOBAL) ? global : own;
        switch (change) {
            case Change.Deleted(_, _) -> {
                orders.remove(unit);
                understood.remove(unit);
            }
            case Change.Written(var entry) -> {
                try {
                    Order order = Codec.order(entry);
                    orders.put(
                            unit, new Placed(order, entry.createRevision(), entry.modRevision()));
                } catch (RegistryException e) {
                    problem(Objects.requireNonNullElse(e.getMessage(), entry.key()));
                }
            }
        }
    }

    SortedMap<UnitName, Placed> own() {
        return own;
    }

    /**
     * The store has taken a unit back; its own news of that comes later. A newer order, whose news
     * came before, stays.
     *
     * @param revision of the order that was carried out
     */
    void released(UnitName unit, long revision) {
        Placed present = own.get(unit);
        if (present != null && present.revision() == revision) {
            own.remove(unit);
            understood.remove(unit);
        }
    }

    /**
     * The store has taken another order in the place of that one; its own news comes later. A newer
     * order, whose news came before, stays.
     *
     * @param revision of the order in whose place the other one is
     */
    void replaced(UnitName unit, long revision, Order order) {
        own.computeIfPresent(
                unit,
                (u, placed) ->
                        placed.revision() == revision
                                ? new Placed(order, placed.generation(), revision)
                                : placed);
    }

    /** The file of that hash, if it has been handed over. */
    @Nullable UnitFile fileOf(String hash) {
        return files.get(hash);
    }

    /** True when all machines are to run the unit. */
    boolean isGlobal(UnitName unit) {
        return global.containsKey(unit);
    }

    /** The files that are needed and not known, by hash, each with a unit that has it. */
    SortedMap<String, UnitName> missingFiles() {
        var missing = new TreeMap<String, UnitName>();
        for (var orders : List.of(own, global)) {
            orders.forEach((unit, placed) -> {
                Order order = placed.order();
                if (order.duty() != Duty.UNLOAD && !files.containsKey(order.hash())) {
                    missing.put(order.hash(), unit);
                }
            });
        }
        return missing;
    }

    /** Hands over a missing file and forgets those that no order means any more. */
    void file(String hash, UnitFile file) {
        var meant = new HashSet<String>();
        own.values().forEach(placed -> meant.add(placed.order().hash()));
        global.values().forEach(placed -> meant.add(placed.order().hash()));
        files.keySet().retainAll(meant);
        files.put(hash, file);
    }

    /**
     * What is wanted on the machine. Global units are taken in the order of their names if the
     * machine fits, has the resources left and nothing that is wanted already conflicts; units of
     * this machine's own come before them.
     */
    Resolved resolve(MachineState machine, boolean fenced) {
        var wanted = new TreeMap<UnitName, Wanted>();
        var undecided = new TreeSet<UnitName>();
        own.forEach((unit, placed) -> {
            if (placed.order().duty() != Duty.UNLOAD) {
                Wanted want = wanted(unit, placed.order());
                if (want == null) {
                    undecided.add(unit);
                } else {
                    boolean halt = fenced && want.requirements().fencing();
                    wanted.put(unit, halt ? want.withGoal(Goal.HALTED) : want);
                }
            }
        });
        Set<UnitName> unknownNeighbours = Set.copyOf(undecided);
        var demand = new Demand();
        wanted.values().forEach(want -> demand.add(want.requirements().request()));
        global.forEach((unit, placed) -> {
            if (wanted.containsKey(unit) || undecided.contains(unit)) {
                return;
            }
            Wanted want = wanted(unit, placed.order());
            if (want == null) {
                undecided.add(unit);
                return;
            }
            Resources request = want.requirements().request();
            if (want.requirements().refusedBy(machine).isPresent()
                    || conflicts(unit, want.requirements(), wanted, unknownNeighbours)) {
                return;
            }
            if (!request.isNone() && !unknownNeighbours.isEmpty()) {
                undecided.add(unit); // They may ask for what is left.
            } else if (request.fitsInto(machine.capacity(), demand.sum)) {
                wanted.put(unit, want);
                demand.add(request);
            }
        });
        return new Resolved(wanted, undecided);
    }

    /** What the units ask for together that are wanted so far. */
    private static final class Demand {
        private Resources sum = Resources.NONE;

        void add(Resources request) {
            sum = sum.plus(request);
        }
    }

    /** What is wanted, and the units of which that cannot be told (yet). */
    record Resolved(SortedMap<UnitName, Wanted> wanted, Set<UnitName> undecided) {}

    private static boolean conflicts(
            UnitName unit,
            UnitRequirements requirements,
            Map<UnitName, Wanted> wanted,
            Set<UnitName> undecided) {
        for (var other : wanted.entrySet()) {
            if (UnitRequirements.conflict(
                    unit, requirements, other.getKey(), other.getValue().requirements())) {
                return true;
            }
        }
        return undecided.stream().anyMatch(requirements::forbids);
    }

    private @Nullable Wanted wanted(UnitName unit, Order order) {
        UnitFile file = files.get(order.hash());
        if (file == null) {
            return null;
        }
        Understood before = understood.get(unit);
        if (before != null && before.order().equals(order) && before.file().equals(file)) {
            return before.wanted();
        }
        try {
            // Specifiers make the requirements of two instances of one file differ.
            UnitRequirements requirements = UnitRequirements.parse(unit, file);
            Goal goal =
                    switch (order.duty()) {
                        case LAUNCH -> Goal.LAUNCHED;
                        case HANDOVER -> Goal.KEPT;
                        case LOAD, UNLOAD -> Goal.LOADED;
                    };
            var wanted = new Wanted(file, order.hash(), requirements, goal, order.finished());
            understood.put(unit, new Understood(order, file, wanted));
            return wanted;
        } catch (InvalidUnitException e) {
            problem(Objects.requireNonNullElse(e.getMessage(), unit.value()));
            return null;
        }
    }

    private void problem(String sentence) {
        if (told.add(sentence)) {
            problems.add(sentence);
        }
    }

    /** Sentences about orders that cannot be understood, each told once. */
    List<String> takeProblems() {
        var taken = List.copyOf(problems);
        problems.clear();
        return taken;
    }
}
