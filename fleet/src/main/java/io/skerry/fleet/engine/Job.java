package io.skerry.fleet.engine;

import io.skerry.fleet.model.Placement;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.store.JobObject;
import io.skerry.fleet.store.Order;
import io.skerry.fleet.store.Outcome;
import io.skerry.fleet.store.Rollout;
import io.skerry.systemd.unit.UnitName;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A unit as the engine sees it, with the revisions that its decisions are guarded by.
 *
 * @param definition what its object says
 * @param wish what is wanted of it
 * @param placement where it has been placed
 * @param orders its order on each machine that has one. A machine other than the placement's is
 *     still stopping the unit, or hands it over
 * @param next the file that it is to get in its turn; null for none
 * @param outcome with which file it has run to its end, and where; null for none
 * @param moveTo the machine that it is to be moved to; null for none
 */
record Job(
        UnitName name,
        Definition definition,
        Wish wish,
        @Nullable Placement placement,
        SortedMap<String, Placed> orders,
        @Nullable Next next,
        @Nullable Outcome outcome,
        @Nullable String moveTo) {

    /**
     * What comes of the unit's file.
     *
     * @param hash of the file; null when the unit has been destroyed or its object cannot be read
     * @param requirements null when {@code hash} is
     * @param revision of the object key, 0 when there is none
     * @param rollout with whom it got its file in turn; null for nobody
     * @param request what it takes of each machine that it is on; of a unit that was destroyed,
     *     what it took before
     */
    record Definition(
            @Nullable String hash,
            @Nullable UnitRequirements requirements,
            long revision,
            @Nullable Rollout rollout,
            Resources request) {
        static final Definition NONE = new Definition(null, null, 0, null, Resources.NONE);

        /** What it becomes by that object, or without one that can be read. */
        Definition with(@Nullable JobObject object, long newRevision) {
            return object == null
                    ? new Definition(null, null, newRevision, null, request)
                    : new Definition(
                            object.hash(),
                            object.requirements(),
                            newRevision,
                            object.rollout(),
                            object.requirements().request());
        }
    }

    /**
     * What users want of the unit.
     *
     * @param revision of the target-state key, 0 when there is none
     */
    record Wish(TargetState target, long revision) {
        static final Wish NONE = new Wish(TargetState.INACTIVE, 0);
    }

    /**
     * An order and the revision of its key.
     *
     * @param order what the machine has to do; one that cannot be read counts as one to unload
     */
    record Placed(Order order, long revision) {}

    /**
     * What the unit's object is to become.
     *
     * @param value of the object's key then
     * @param revision of the key that it lies in until then
     */
    record Next(JobObject object, String value, long revision) {}

    static Job unknown(UnitName name) {
        return new Job(name, Definition.NONE, Wish.NONE, null, new TreeMap<>(), null, null, null);
    }

    @Nullable String hash() {
        return definition.hash();
    }

    @Nullable UnitRequirements requirements() {
        return definition.requirements();
    }

    long objectRevision() {
        return definition.revision();
    }

    @Nullable Rollout rollout() {
        return definition.rollout();
    }

    Resources request() {
        return definition.request();
    }

    TargetState target() {
        return wish.target();
    }

    long targetStateRevision() {
        return wish.revision();
    }

    /** True when a machine is to be found for it if it has none. */
    boolean seeksPlace() {
        return wantsPlacement() && !finished();
    }

    /** True when it has run to its end with its present file. */
    boolean finished() {
        return outcome != null && outcome.hash().equals(hash()) && target() == TargetState.LAUNCHED;
    }

    /** True when those who get their files after it have to wait for it. */
    boolean holdsUpItsRollout() {
        if (!seeksPlace() || target() != TargetState.LAUNCHED) {
            return false;
        }
        Placed here = machine() == null ? null : orders.get(machine());
        return here == null || here.order().isAwaited();
    }

    /** True when the unit ought to be on exactly one machine. */
    boolean wantsPlacement() {
        return requirements() != null
                && target().needsPlacement()
                && !requirements().global()
                && !name.isTemplate();
    }

    /** Units of lower priority give way to those of higher. */
    int priority() {
        return requirements() == null ? 0 : requirements().priority();
    }

    /** True when every machine that fits is to run it. */
    boolean wantsEveryMachine() {
        return requirements() != null
                && target().needsPlacement()
                && requirements().global()
                && !name.isTemplate();
    }

    /** True when its object is of a kind that only a newer version can read. */
    boolean unreadable() {
        return objectRevision() != 0 && requirements() == null;
    }

    /** True when nothing in the store tells of it any more. */
    boolean vanished() {
        return objectRevision() == 0
                && targetStateRevision() == 0
                && placement == null
                && next == null
                && outcome == null
                && moveTo == null
                && orders.isEmpty();
    }

    @Nullable String machine() {
        return placement == null ? null : placement.machineId();
    }

    /**
     * Where units are to be that have to join it: its place or, when it has none, where it ended.
     */
    @Nullable String home() {
        return placement == null && outcome != null && finished() ? outcome.machineId() : machine();
    }

    long generation() {
        return placement == null ? 0 : placement.generation();
    }

    /** True when it may run in two places for as long as a move takes. */
    boolean mayOverlap() {
        return target() == TargetState.LAUNCHED
                && requirements() != null
                && requirements().overlap()
                && !finished();
    }

    /** True when the machine runs the unit only until another one does. */
    boolean handsOver(String machineId) {
        Placed there = orders.get(machineId);
        return there != null && there.order().duty() == Order.Duty.HANDOVER;
    }

    /** True when some machine runs the unit only until another one does. */
    boolean isHandedOver() {
        return orders.keySet().stream().anyMatch(this::handsOver);
    }

    /** True when the unit may be running on that machine. */
    boolean isOn(String machineId) {
        return machineId.equals(machine()) || orders.containsKey(machineId);
    }

    Job withObject(@Nullable JobObject object, long revision) {
        Definition changed = definition.with(object, revision);
        return new Job(name, changed, wish, placement, orders, next, outcome, moveTo);
    }

    Job withTarget(TargetState state, long revision) {
        Wish changed = new Wish(state, revision);
        return new Job(name, definition, changed, placement, orders, next, outcome, moveTo);
    }

    Job withPlacement(@Nullable Placement changed) {
        return new Job(name, definition, wish, changed, orders, next, outcome, moveTo);
    }

    Job withNext(@Nullable Next changed) {
        return new Job(name, definition, wish, placement, orders, changed, outcome, moveTo);
    }

    Job withOutcome(@Nullable Outcome changed) {
        return new Job(name, definition, wish, placement, orders, next, changed, moveTo);
    }

    Job withMoveTo(@Nullable String changed) {
        return new Job(name, definition, wish, placement, orders, next, outcome, changed);
    }

    /** With that order on a machine, or none. */
    Job withOrder(String machineId, @Nullable Placed order) {
        var changed = new TreeMap<>(orders);
        if (order == null) {
            changed.remove(machineId);
        } else {
            changed.put(machineId, order);
        }
        return new Job(name, definition, wish, placement, changed, next, outcome, moveTo);
    }

    /** True when the other one has to go elsewhere from where this one is placed. */
    boolean replaces(Job other) {
        return !name.equals(other.name)
                && requirements() != null
                && requirements().replaces(other.name);
    }

    /** True when either of the two may not be where the other is. */
    boolean conflictsWith(Job other) {
        if (name.equals(other.name)) {
            return false;
        }
        return (requirements() != null && requirements().forbids(other.name))
                || (other.requirements() != null && other.requirements().forbids(name));
    }
}
