package io.skerry.fleet.model;

import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import org.jspecify.annotations.Nullable;

/**
 * A unit that the cluster knows.
 *
 * @param requirements what its {@code [X-Fleet]} section asks for
 * @param placement the machine it has been given; null for templates, global units, inactive units
 *     and those that no machine can take
 * @param finishedOn the machine on which it has run to its end, so that it is not run again; null
 *     for all others
 */
public record Unit(
        UnitName name,
        UnitFile file,
        UnitRequirements requirements,
        TargetState targetState,
        @Nullable Placement placement,
        @Nullable String finishedOn) {
    /** The SHA-1 of the canonical form of the unit's file. */
    public String hash() {
        return file.sha1Hash();
    }

    /**
     * Where units are to be that have to join it: its place or, when it has none, where it ended.
     */
    @Nullable String home() {
        return placement == null ? finishedOn : placement.machineId();
    }

    /** True for a unit that runs on every machine that fits. */
    public boolean global() {
        return requirements.global();
    }
}
