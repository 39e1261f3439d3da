package io.skerry.fleet.agent;

import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;

/** What an agent does to bring one unit from what is to what should be. */
public sealed interface UnitAction {
    UnitName unit();

    /** Write the unit's file and make it known to systemd. */
    record Load(UnitName unit, UnitFile file) implements UnitAction {}

    /** Start the unit, once for this file. */
    record Start(UnitName unit, String hash) implements UnitAction {}

    /** Stop the unit; its file stays known. */
    record Stop(UnitName unit) implements UnitAction {}

    /** Stop the unit and make systemd forget it. */
    record Unload(UnitName unit) implements UnitAction {}
}
