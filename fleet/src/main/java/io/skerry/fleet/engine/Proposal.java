package io.skerry.fleet.engine;

import io.skerry.fleet.engine.Decision.Evict;
import io.skerry.fleet.engine.Decision.Forget;
import io.skerry.fleet.engine.Decision.Move;
import io.skerry.fleet.engine.Decision.Place;
import io.skerry.fleet.engine.Decision.Release;
import io.skerry.fleet.engine.Decision.Relieve;
import io.skerry.fleet.engine.Decision.Renew;
import io.skerry.fleet.engine.Decision.Stay;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Order;
import io.skerry.fleet.store.StoreTxn;
import io.skerry.fleet.store.StoreTxn.Guard;
import io.skerry.fleet.store.StoreTxn.Guard.CreatedAt;
import io.skerry.fleet.store.StoreTxn.Guard.ModifiedAt;
import io.skerry.fleet.store.StoreTxn.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Decisions and the one transaction that carries them out. Its guards are everything the decisions
 * rest on: the units' files, wishes and places, the machines' registrations, and that this engine
 * still leads.
 */
public record Proposal(List<Decision> decisions, StoreTxn txn) {
    static Proposal of(
            List<Decision> decisions, ClusterView view, Keys keys, long leadershipRevision) {
        List<Guard> guards = new ArrayList<>();
        List<Write> writes = new ArrayList<>();
        guards.add(new CreatedAt(keys.engineLeader(), leadershipRevision));
        for (Decision decision : decisions) {
            Job job = Objects.requireNonNull(view.job(decision.unit()));
            guards.add(new ModifiedAt(keys.object(job.name()), job.objectRevision()));
            guards.add(new ModifiedAt(keys.targetState(job.name()), job.targetStateRevision()));
            guards.add(new ModifiedAt(keys.target(job.name()), job.generation()));
            switch (decision) {
                case Place(_, var to) -> place(job, to, view, keys, guards, writes);
                case Evict(_, var from, var to) -> {
                    guards.add(new ModifiedAt(keys.machine(from), 0));
                    writes.add(new Write.Delete(keys.schedule(from, job.name())));
                    if (to == null) {
                        writes.add(new Write.Delete(keys.target(job.name())));
                    } else {
                        place(job, to, view, keys, guards, writes);
                    }
                }
                case Release(_, var from, _) -> {
                    writes.add(new Write.Delete(keys.target(job.name())));
                    reorder(job, from, Order.Duty.UNLOAD, keys, guards, writes);
                }
                case Move(_, var from, var to) -> {
                    reorder(job, from, Order.Duty.HANDOVER, keys, guards, writes);
                    place(job, to, view, keys, guards, writes);
                    writes.add(new Write.Delete(keys.move(job.name())));
                }
                case Stay(_) -> writes.add(new Write.Delete(keys.move(job.name())));
                case Relieve(_, var from) ->
                        reorder(job, from, Order.Duty.UNLOAD, keys, guards, writes);
                case Renew(_) -> renew(job, keys, guards, writes);
                case Forget(_, var from) -> {
                    guards.add(new ModifiedAt(keys.machine(from), 0));
                    writes.add(new Write.Delete(keys.schedule(from, job.name())));
                }
            }
        }
        return new Proposal(List.copyOf(decisions), new StoreTxn(guards, writes));
    }

    private static void renew(Job job, Keys keys, List<Guard> guards, List<Write> writes) {
        Job.Next next = Objects.requireNonNull(job.next());
        guards.add(new ModifiedAt(keys.next(job.name()), next.revision()));
        writes.add(new Write.Put(keys.object(job.name()), next.value()));
        writes.add(new Write.Delete(keys.next(job.name())));
        writes.add(new Write.Delete(keys.outcome(job.name())));
        String machineId = job.machine();
        Job.Placed here = machineId == null ? null : job.orders().get(machineId);
        if (machineId != null && here != null) {
            String key = keys.schedule(machineId, job.name());
            Order.Duty duty = Order.Duty.toward(job.target());
            guards.add(new ModifiedAt(key, here.revision()));
            writes.add(
                    new Write.Put(
                            key,
                            Codec.encode(
                                    new Order(duty, next.object().hash(), reliefFor(duty, true)))));
        }
    }

    private static Order.Relief reliefFor(Order.Duty duty, boolean awaited) {
        return awaited && duty == Order.Duty.LAUNCH ? Order.Relief.AWAITED : Order.Relief.NONE;
    }

    /** The machine frees the unit by deleting its order, so one is never created anew. */
    private static void reorder(
            Job job,
            String machineId,
            Order.Duty duty,
            Keys keys,
            List<Guard> guards,
            List<Write> writes) {
        Job.Placed there = job.orders().get(machineId);
        if (there != null) {
            String key = keys.schedule(machineId, job.name());
            // What the machine runs stays what it was told last.
            String hash =
                    duty == Order.Duty.HANDOVER
                            ? there.order().hash()
                            : Objects.requireNonNullElse(job.hash(), "");
            guards.add(new ModifiedAt(key, there.revision()));
            writes.add(new Write.Put(key, Codec.encode(new Order(duty, hash))));
        }
    }

    private static void place(
            Job job,
            String to,
            ClusterView view,
            Keys keys,
            List<Guard> guards,
            List<Write> writes) {
        guards.add(new ModifiedAt(keys.machine(to), view.machineRevision(to)));
        Order.Duty duty = Order.Duty.toward(job.target());
        boolean runsElsewhere = job.machine() != null && view.machine(job.machine()) != null;
        boolean relieves = job.mayOverlap() && (runsElsewhere || job.isHandedOver());
        var order =
                new Order(
                        duty,
                        Objects.requireNonNull(job.hash()),
                        reliefFor(duty, relieves || job.rollout() != null));
        writes.add(new Write.Put(keys.target(job.name()), to));
        writes.add(new Write.Put(keys.schedule(to, job.name()), Codec.encode(order)));
    }
}
