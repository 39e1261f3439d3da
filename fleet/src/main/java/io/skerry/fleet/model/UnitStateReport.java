package io.skerry.fleet.model;

import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitName;
import java.util.Set;

/**
 * What the systemd of one machine last said of one unit.
 *
 * @param hash of the unit file that is loaded there, which may be older than the unit's present one
 * @param start how its start has fared, for as long as it is at rest
 */
public record UnitStateReport(
        UnitName unit, String machineId, String hash, UnitState state, StartNews start) {
    private static final Set<String> RUNNING =
            Set.of("active", "activating", "reloading", "deactivating", "refreshing");

    /** Of an agent that tells nothing of the start. */
    public UnitStateReport(UnitName unit, String machineId, String hash, UnitState state) {
        this(unit, machineId, hash, state, StartNews.UNTOLD);
    }

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

    /**
     * How far the machine has come with a unit: {@code INACTIVE} until it has loaded the present
     * file, then {@code LOADED}, and {@code LAUNCHED} as soon as systemd has begun to start it. One
     * that was started and has failed or ended stays launched, as in the original.
     *
     * @param presentHash of the unit's present file
     * @param wanted what users want of the unit
     */
    public TargetState progress(String presentHash, TargetState wanted) {
        if (!hash.equals(presentHash) || !load().equals("loaded")) {
            return TargetState.INACTIVE;
        }
        boolean launched =
                RUNNING.contains(active())
                        || (wanted == TargetState.LAUNCHED
                                && (active().equals("failed") || start.isOver()));
        return launched ? TargetState.LAUNCHED : TargetState.LOADED;
    }
}
