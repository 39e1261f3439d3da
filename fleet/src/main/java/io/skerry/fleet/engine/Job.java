package io.skerry.fleet.engine;

import io.skerry.fleet.model.Placement;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.store.JobObject;
import io.skerry.fleet.store.Order;
import io.skerry.fleet.store.Rollout;
import io.skerry.systemd.unit.UnitName;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A unit as the engine sees it, with the revisions that its decisions are guarded by.
 *
 * @param hash of its file; null when the unit has been destroyed or its object cannot be read
 * @param requirements null when {@code hash} is
 * @param objectRevision of the object key, 0 when there is none
 * @param targetStateRevision of the target-state key, 0 when there is none
 * @param placement where it has been placed
 * @param orders its order on each machine that has one. A machine other than the placement's is
 *     still stopping the unit, or hands it over
 * @param rollout with whom it got its file in turn; null for nobody
 * @param next the file that it is to get in its turn; null for none
 * @param finishedHash of the file with which it has run to its end; null for none
 * @param moveTo the machine that it is to be moved to; null for none
 * @param request what it takes of each machine that it is on; of a unit that was destroyed, what it
 *     took before
 */
record Job(
        UnitName name,
        @Nullable String hash,
        @Nullable UnitRequirements requirements,
        long objectRevision,
        TargetState target,
        long targetStateRevision,
        @Nullable Placement placement,
        SortedMap<String, Placed> orders,
        @Nullable Rollout rollout,
        @Nullable Next next,
        @Nullable String finishedHash,
        @Nullable String moveTo,
        Resources request) {

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
        return new Job(
                name,
                null,
                null,
                0,
                TargetState.INACTIVE,
                0,
                null,
                new TreeMap<>(),
                null,
                null,
                null,
                null,
                Resources.NONE);
    }

    /** True when a machine is to be found for it if it has none. */
    boolean seeksPlace() {
        return wantsPlacement() && !finished();
    }

    /** True when it has run to its end with its present file. */
    boolean finished() {
        return hash != null && hash.equals(finishedHash) && target == TargetState.LAUNCHED;
    }

    /** True when those who get their files after it have to wait for it. */
    boolean holdsUpItsRollout() {
        if (!seeksPlace() || target != TargetState.LAUNCHED) {
            return false;
        }
        Placed here = machine() == null ? null : orders.get(machine());
        return here == null || here.order().isAwaited();
    }

    /** True when the unit ought to be on exactly one machine. */
    boolean wantsPlacement() {
        return requirements != null
                && target.needsPlacement()
                && !requirements.global()
                && !name.isTemplate();
    }

    /** Units of lower priority give way to those of higher. */
    int priority() {
        return requirements == null ? 0 : requirements.priority();
    }

    /** True when every machine that fits is to run it. */
    boolean wantsEveryMachine() {
        return requirements != null
                && target.needsPlacement()
                && requirements.global()
                && !name.isTemplate();
    }

    /** True when its object is of a kind that only a newer version can read. */
    boolean unreadable() {
        return objectRevision != 0 && requirements == null;
    }

    /** True when nothing in the store tells of it any more. */
    boolean vanished() {
        return objectRevision == 0
                && targetStateRevision == 0
                && placement == null
                && next == null
                && finishedHash == null
                && moveTo == null
                && orders.isEmpty();
    }

    @Nullable String machine() {
        return placement == null ? null : placement.machineId();
    }

    long generation() {
        return placement == null ? 0 : placement.generation();
    }

    /** True when it may run in two places for as long as a move takes. */
    boolean mayOverlap() {
        return target == TargetState.LAUNCHED
                && requirements != null
                && requirements.overlap()
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
        return new Job(
                name,
                object == null ? null : object.hash(),
                object == null ? null : object.requirements(),
                revision,
                target,
                targetStateRevision,
                placement,
                orders,
                object == null ? null : object.rollout(),
                next,
                finishedHash,
                moveTo,
                object == null ? request : object.requirements().request());
    }

    Job withTarget(TargetState state, long revision) {
        return new Job(
                name,
                hash,
                requirements,
                objectRevision,
                state,
                revision,
                placement,
                orders,
                rollout,
                next,
                finishedHash,
                moveTo,
                request);
    }

    Job withPlacement(@Nullable Placement newPlacement) {
        return new Job(
                name,
                hash,
                requirements,
                objectRevision,
                target,
                targetStateRevision,
                newPlacement,
                orders,
                rollout,
                next,
                finishedHash,
                moveTo,
                request);
    }

    Job withNext(@Nullable Next newNext) {
        return new Job(
                name,
                hash,
                requirements,
                objectRevision,
                target,
                targetStateRevision,
                placement,
                orders,
                rollout,
                newNext,
                finishedHash,
                moveTo,
                request);
    }

    Job withFinishedHash(@Nullable String newHash) {
        return new Job(
                name,
                hash,
                requirements,
                objectRevision,
                target,
                targetStateRevision,
                placement,
                orders,
                rollout,
                next,
                newHash,
                moveTo,
                request);
    }

    Job withMoveTo(@Nullable String newMachine) {
        return new Job(
                name,
                hash,
                requirements,
                objectRevision,
                target,
                targetStateRevision,
                placement,
                orders,
                rollout,
                next,
                finishedHash,
                newMachine,
                request);
    }

    /** With that order on a machine, or none. */
    Job withOrder(String machineId, @Nullable Placed order) {
        var changed = new TreeMap<>(orders);
        if (order == null) {
            changed.remove(machineId);
        } else {
            changed.put(machineId, order);
        }
        return new Job(
                name,
                hash,
                requirements,
                objectRevision,
                target,
                targetStateRevision,
                placement,
                changed,
                rollout,
                next,
                finishedHash,
                moveTo,
                request);
    }

    /** True when the other one has to go elsewhere from where this one is placed. */
    boolean replaces(Job other) {
        return !name.equals(other.name)
                && requirements != null
                && requirements.replaces(other.name);
    }

    /** True when either of the two may not be where the other is. */
    boolean conflictsWith(Job other) {
        if (name.equals(other.name)) {
            return false;
        }
        return (requirements != null && requirements.forbids(other.name))
                || (other.requirements != null && other.requirements.forbids(name));
    }
}
