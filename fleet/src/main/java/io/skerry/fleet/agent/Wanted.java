package io.skerry.fleet.agent;

import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.unit.UnitFile;

/**
 * What is to become of one unit on this host.
 *
 * @param finished true when it has run to its end and is not to be started again
 */
record Wanted(
        UnitFile file, String hash, UnitRequirements requirements, Goal goal, boolean finished) {
    enum Goal {
        /** Known to systemd, stopped. */
        LOADED,
        /** Known to systemd and started once; whether it then goes on running is up to systemd. */
        LAUNCHED,
        /** Left alone as long as it runs: another machine takes it over. */
        KEPT,
        /** Not running for now, otherwise as it is: the host is cut off and fenced. */
        HALTED
    }

    Wanted withGoal(Goal newGoal) {
        return new Wanted(file, hash, requirements, newGoal, finished);
    }
}
