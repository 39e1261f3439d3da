package io.skerry.fleet.model;

import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitName;

/**
 * What the systemd of one machine last said of one unit.
 *
 * @param hash of the unit file that is loaded there, which may be older than the unit's present one
 */
public record UnitStateReport(UnitName unit, String machineId, String hash, UnitState state) {
    /** systemd's load state, for instance {@code loaded}. */
    public String load() {
        return state.load();
    }

    /** systemd's active state, for instance {@code active}. */
    public String active() {
        return state.active();
    }

    /** systemd's sub-state, for instance {@code running}. */
    public String sub() {
        return state.sub();
    }
}
