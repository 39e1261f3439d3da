package io.skerry.fleet.engine;

import io.skerry.systemd.unit.UnitName;
import org.jspecify.annotations.Nullable;

/** One change of one unit's place. */
public sealed interface Decision {
    UnitName unit();

    /** Give a free unit to a machine. */
    record Place(UnitName unit, String machineId) implements Decision {}

    /** Take a unit from a machine that is there: it stops the unit and then frees it. */
    record Release(UnitName unit, String machineId, Cause cause) implements Decision {}

    /**
     * Take a unit from a machine that was given up and, if one fits, give it to another machine in
     * the same step.
     */
    record Evict(UnitName unit, String from, @Nullable String to) implements Decision {}

    /**
     * Give a unit another machine; the one it is on lets it go on until it runs there. Only for
     * units that may be in two places meanwhile.
     */
    record Move(UnitName unit, String from, String to) implements Decision {}

    /** Have a machine stop a unit that it has handed over, or that is not wanted any more. */
    record Relieve(UnitName unit, String from) implements Decision {}

    /** Forget that a unit was to be moved: it does not fit there, or has gone elsewhere. */
    record Stay(UnitName unit) implements Decision {}

    /** Give a unit the new file whose turn has come. */
    record Renew(UnitName unit) implements Decision {}

    /** Drop the order to stop a unit, addressed to a machine that was given up. */
    record Forget(UnitName unit, String machineId) implements Decision {}

    /** Why a unit may not stay where it is. */
    enum Cause {
        /** It is not to run at all, or not on one machine only. */
        NOT_WANTED,
        /** It has run to its end, and what it asked for is to be free for others. */
        FINISHED,
        /** The machine does not meet its requirements any more. */
        MACHINE_DOES_NOT_FIT,
        /** A unit that was there before excludes it, or is excluded by it. */
        CONFLICT,
        /** The unit on whose machine it has to be is elsewhere. */
        PEER_ELSEWHERE,
        /** Units that were there before, and it, ask for more than the machine has. */
        NO_RESOURCES,
        /** A unit of higher priority fits nowhere else. */
        DISPLACED,
        /** A unit that was placed on the machine replaces it. */
        REPLACED,
        /** The machine leaves the cluster or is drained. */
        MACHINE_CLOSED,
        /** The machine has no order for it, so that it would never run. */
        NO_ORDER
    }
}
