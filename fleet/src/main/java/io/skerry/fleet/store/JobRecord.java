package io.skerry.fleet.store;

import io.skerry.fleet.model.Placement;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.store.Keys.Place;
import io.skerry.fleet.store.StoreTxn.Guard.ModifiedAt;
import io.skerry.fleet.store.StoreTxn.Write;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All keys of one unit that its wishes and its place consist of, as they were read together, and
 * the transactions that change them as a whole.
 *
 * @param next what the object is to become in its turn
 * @param orders by machine id or {@link Keys#GLOBAL}
 */
record JobRecord(
        UnitName name,
        @Nullable Entry object,
        @Nullable Entry targetState,
        @Nullable Entry target,
        @Nullable Entry next,
        @Nullable Entry outcome,
        SortedMap<String, Entry> orders) {

    /** The jobs that the entries of {@code job/} and {@code schedule/} tell of. */
    static SortedMap<UnitName, JobRecord> collect(Keys keys, Collection<Entry> entries) {
        var jobs = new TreeMap<UnitName, JobRecord>();
        for (Entry entry : entries) {
            switch (keys.locate(entry.key()).orElse(null)) {
                case Place.JobObject(var unit) ->
                        jobs.merge(unit, empty(unit).withObject(entry), JobRecord::and);
                case Place.JobTargetState(var unit) ->
                        jobs.merge(unit, empty(unit).withTargetState(entry), JobRecord::and);
                case Place.JobTarget(var unit) ->
                        jobs.merge(unit, empty(unit).withTarget(entry), JobRecord::and);
                case Place.JobNext(var unit) ->
                        jobs.merge(unit, empty(unit).withNext(entry), JobRecord::and);
                case Place.JobOutcome(var unit) ->
                        jobs.merge(unit, empty(unit).withOutcome(entry), JobRecord::and);
                case Place.Schedule(var machineId, var unit) ->
                        jobs.merge(unit, empty(unit).withOrder(machineId, entry), JobRecord::and);
                case Place.JobMove(_),
                        Place.Machine(_),
                        Place.Metadata(_, _),
                        Place.Drain(_),
                        Place.State(_, _),
                        Place.EngineLeader(),
                        Place.Other() -> {}
                case null -> {}
            }
        }
        return jobs;
    }

    static JobRecord empty(UnitName name) {
        return new JobRecord(name, null, null, null, null, null, new TreeMap<>());
    }

    private JobRecord withObject(Entry entry) {
        return new JobRecord(name, entry, targetState, target, next, outcome, orders);
    }

    private JobRecord withTargetState(Entry entry) {
        return new JobRecord(name, object, entry, target, next, outcome, orders);
    }

    private JobRecord withTarget(Entry entry) {
        return new JobRecord(name, object, targetState, entry, next, outcome, orders);
    }

    private JobRecord withNext(Entry entry) {
        return new JobRecord(name, object, targetState, target, entry, outcome, orders);
    }

    private JobRecord withOutcome(Entry entry) {
        return new JobRecord(name, object, targetState, target, next, entry, orders);
    }

    private JobRecord withOrder(String machineId, Entry entry) {
        return new JobRecord(
                name,
                object,
                targetState,
                target,
                next,
                outcome,
                new TreeMap<>(Map.of(machineId, entry)));
    }

    private JobRecord and(JobRecord more) {
        var all = new TreeMap<>(orders);
        all.putAll(more.orders);
        return new JobRecord(
                name,
                more.object == null ? object : more.object,
                more.targetState == null ? targetState : more.targetState,
                more.target == null ? target : more.target,
                more.next == null ? next : more.next,
                more.outcome == null ? outcome : more.outcome,
                all);
    }

    TargetState wanted() {
        return targetState == null
                ? TargetState.INACTIVE
                : TargetState.parse(targetState.value()).orElse(TargetState.INACTIVE);
    }

    @Nullable Placement placement() {
        return target == null ? null : new Placement(target.value(), target.modRevision());
    }

    /** Where the unit has finished with that file, so that it is not run again. */
    @Nullable String finishedOn(String hash) throws RegistryException {
        if (outcome == null || wanted() != TargetState.LAUNCHED) {
            return null;
        }
        Outcome ended = Codec.outcome(outcome);
        return ended.hash().equals(hash) ? ended.machineId() : null;
    }

    /** What its machine has to do; null when it has none, or an order that cannot be read. */
    @Nullable Order orderWherePlaced() {
        Entry here = target == null ? null : orders.get(target.value());
        return here == null ? null : orderAt(here);
    }

    /** A machine other than the unit's that still has to stop it, or runs it until it is moved. */
    @Nullable String releasedBy() {
        String machine = target == null ? "" : target.value();
        return orders.keySet().stream()
                .filter(machineId -> !machineId.equals(Keys.GLOBAL) && !machineId.equals(machine))
                .findFirst()
                .orElse(null);
    }

    /** The transaction that gives the unit a file when its turn in the rollout has come. */
    StoreTxn changeInTurn(Keys keys, UnitFile file, Rollout rollout) {
        return new StoreTxn(
                guards(keys),
                List.of(
                        new Write.Put(keys.unitFile(file.sha1Hash()), Codec.encode(file)),
                        new Write.Put(keys.next(name), Codec.encodeJob(name, file, rollout))));
    }

    /**
     * The transaction that gives the unit a file and a target state at once.
     *
     * @param decided true when it is the user's word about the file, too, so that none waits any
     *     longer for its turn
     * @param file null to leave the file as it is, which {@code hash} and {@code global} tell of
     */
    StoreTxn change(
            Keys keys,
            @Nullable UnitFile file,
            boolean decided,
            String hash,
            boolean global,
            TargetState state) {
        List<Write> writes = new ArrayList<>();
        if (file != null) {
            writes.add(new Write.Put(keys.unitFile(hash), Codec.encode(file)));
            writes.add(new Write.Put(keys.object(name), Codec.encodeJob(name, file, null)));
        }
        if (decided && next != null) {
            writes.add(new Write.Delete(next.key()));
        }
        if (outcome != null && (file != null || wanted() != state)) {
            writes.add(new Write.Delete(outcome.key()));
        }
        if (targetState == null || wanted() != state) {
            writes.add(new Write.Put(keys.targetState(name), state.wireName()));
        }
        boolean runs = state.needsPlacement() && !name.isTemplate();
        var order = Codec.encode(new Order(Order.Duty.toward(state), hash));
        Entry everywhere = orders.get(Keys.GLOBAL);
        if (global && runs) {
            if (everywhere == null || !everywhere.value().equals(order)) {
                writes.add(new Write.Put(keys.schedule(Keys.GLOBAL, name), order));
            }
        } else if (everywhere != null) {
            writes.add(new Write.Delete(everywhere.key()));
        }
        if (target != null) {
            Entry here = orders.get(target.value());
            if (global || !runs) {
                unplace(writes);
            } else if (here != null) {
                Order before = orderAt(here);
                // Those that hand the unit over must not stop it before the new file runs here.
                boolean awaited = before != null && before.isAwaited();
                var now =
                        new Order(
                                Order.Duty.toward(state),
                                hash,
                                awaited ? Order.Relief.AWAITED : Order.Relief.NONE);
                boolean same =
                        before != null
                                && before.duty() == now.duty()
                                && before.hash().equals(now.hash());
                if (!same) {
                    writes.add(new Write.Put(here.key(), Codec.encode(now)));
                }
            }
        }
        return new StoreTxn(guards(keys), writes);
    }

    /**
     * As {@link #removal}, when the order where the unit is placed was not read: it is taken to be
     * the one that was created with the placement, whatever has become of it since.
     */
    StoreTxn removalByGeneration(Keys keys) {
        if (target == null) {
            return removal(keys);
        }
        String order = keys.schedule(target.value(), name);
        StoreTxn known = removal(keys);
        List<StoreTxn.Guard> guards = new ArrayList<>(known.guards());
        guards.removeIf(guard -> guard.key().equals(order));
        guards.add(new StoreTxn.Guard.CreatedAt(order, target.modRevision()));
        List<Write> writes = new ArrayList<>(known.writes());
        writes.add(unload(order));
        return new StoreTxn(guards, writes);
    }

    /** The transaction that removes the unit and has its machines stop it. */
    StoreTxn removal(Keys keys) {
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Delete(keys.object(name)));
        writes.add(new Write.Delete(keys.targetState(name)));
        writes.add(new Write.Delete(keys.move(name)));
        for (Entry entry : new @Nullable Entry[] {next, outcome, orders.get(Keys.GLOBAL)}) {
            if (entry != null) {
                writes.add(new Write.Delete(entry.key()));
            }
        }
        unplace(writes);
        return new StoreTxn(guards(keys), writes);
    }

    private void unplace(List<Write> writes) {
        if (target == null) {
            return;
        }
        writes.add(new Write.Delete(target.key()));
        Entry here = orders.get(target.value());
        if (here != null) {
            writes.add(unload(here.key()));
        }
    }

    private static Write unload(String order) {
        return new Write.Put(order, Codec.encode(new Order(Order.Duty.UNLOAD, "")));
    }

    private static @Nullable Order orderAt(Entry entry) {
        try {
            return Codec.order(entry);
        } catch (RegistryException e) {
            return null; // Of another version; it is written anew.
        }
    }

    private List<StoreTxn.Guard> guards(Keys keys) {
        List<StoreTxn.Guard> guards = new ArrayList<>();
        guards.add(new ModifiedAt(keys.object(name), revision(object)));
        guards.add(new ModifiedAt(keys.targetState(name), revision(targetState)));
        guards.add(new ModifiedAt(keys.target(name), revision(target)));
        guards.add(new ModifiedAt(keys.next(name), revision(next)));
        guards.add(new ModifiedAt(keys.outcome(name), revision(outcome)));
        guards.add(
                new ModifiedAt(
                        keys.schedule(Keys.GLOBAL, name), revision(orders.get(Keys.GLOBAL))));
        if (target != null) {
            String machineId = target.value();
            guards.add(
                    new ModifiedAt(
                            keys.schedule(machineId, name), revision(orders.get(machineId))));
        }
        return guards;
    }

    private static long revision(@Nullable Entry entry) {
        return entry == null ? 0 : entry.modRevision();
    }
}
