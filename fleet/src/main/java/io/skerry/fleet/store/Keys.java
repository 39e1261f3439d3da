package io.skerry.fleet.store;

import io.skerry.systemd.unit.UnitName;
import java.util.Optional;

/**
 * Where fleet keeps what, under one prefix. The directories are those of the original, plus {@code
 * schedule/}:
 *
 * <ul>
 *   <li>{@code job/U/object}: the unit's hash and its {@code [X-Fleet]} options
 *   <li>{@code job/U/next}: what {@code object} is to become when the unit's turn has come
 *   <li>{@code job/U/outcome}: that a oneshot unit has finished, with the hash of its file
 *   <li>{@code job/U/move}: the machine that the unit is to be moved to, if it fits there
 *   <li>{@code job/U/target-state}: what users want
 *   <li>{@code job/U/target}: the machine it is placed on; the revision of this key is the
 *       placement's generation
 *   <li>{@code lease/engine-leader}: the machine whose engine decides, on its lease
 *   <li>{@code machines/M/object}: the machine, on its lease
 *   <li>{@code machines/M/metadata/K}: metadata that users have set; it wins over the machine's own
 *   <li>{@code machines/M/drain}: there while users want no units on M
 *   <li>{@code schedule/M/U}: what machine M has to do about U, the only directory an agent
 *       follows. Created with the placement and therefore of the same revision; deleted by M when
 *       it has stopped U. As long as it exists, U may run on M and is placed nowhere else
 *   <li>{@code schedule/global/U}: the same for all machines
 *   <li>{@code states/U/M}: what M's systemd says of U, on M's lease
 *   <li>{@code unit/HASH}: a unit file's text
 * </ul>
 *
 * job, lease, machines and schedule are neighbours, so that an engine follows them as one range.
 */
public record Keys(String prefix) {
    /** Stands for every machine in {@code schedule/}. */
    public static final String GLOBAL = "global";

    /** The original's prefix. */
    public static final String DEFAULT_PREFIX = "/_coreos.com/fleet/";

    /** Makes the prefix begin and end with a slash. */
    public Keys {
        prefix = prefix.startsWith("/") ? prefix : "/" + prefix;
        prefix = prefix.endsWith("/") ? prefix : prefix + "/";
    }

    /** The directory of all jobs. */
    public String jobs() {
        return prefix + "job/";
    }

    /** The directory of one unit's job. */
    public String job(UnitName unit) {
        return jobs() + unit + "/";
    }

    /** Hash and requirements of a unit. */
    public String object(UnitName unit) {
        return job(unit) + "object";
    }

    /** What the unit's object is to become when its turn has come. */
    public String next(UnitName unit) {
        return job(unit) + "next";
    }

    /** That a oneshot unit has finished. */
    public String outcome(UnitName unit) {
        return job(unit) + "outcome";
    }

    /** The machine that the unit is to be moved to. */
    public String move(UnitName unit) {
        return job(unit) + "move";
    }

    /** What users want of a unit. */
    public String targetState(UnitName unit) {
        return job(unit) + "target-state";
    }

    /** The machine a unit is placed on. */
    public String target(UnitName unit) {
        return job(unit) + "target";
    }

    /** The engine that decides. */
    public String engineLeader() {
        return prefix + "lease/engine-leader";
    }

    /** The directory of all machines. */
    public String machines() {
        return prefix + "machines/";
    }

    /** One machine's description. */
    public String machine(String id) {
        return machineDirectory(id) + "object";
    }

    /** All that is kept of one machine. */
    public String machineDirectory(String id) {
        return machines() + id + "/";
    }

    /** The directory of the metadata that users have set of a machine. */
    public String metadata(String machineId) {
        return machineDirectory(machineId) + "metadata/";
    }

    /** There while users want no units on the machine. */
    public String drain(String machineId) {
        return machineDirectory(machineId) + "drain";
    }

    /** The directory of what all machines have to do. */
    public String schedule() {
        return prefix + "schedule/";
    }

    /** The directory of what one machine has to do, or all of them for {@link #GLOBAL}. */
    public String schedule(String machineId) {
        return schedule() + machineId + "/";
    }

    /** What one machine has to do about one unit. */
    public String schedule(String machineId, UnitName unit) {
        return schedule(machineId) + unit;
    }

    /** The directory of reported states. */
    public String states() {
        return prefix + "states/";
    }

    /** The directory of one unit's reported states. */
    public String states(UnitName unit) {
        return states() + unit + "/";
    }

    /** What one machine reports of one unit. */
    public String state(UnitName unit, String machineId) {
        return states(unit) + machineId;
    }

    /** The directory of unit files. */
    public String unitFiles() {
        return prefix + "unit/";
    }

    /** A unit file's text. */
    public String unitFile(String hash) {
        return unitFiles() + hash;
    }

    /** All that an engine decides on. */
    public KeyRange engineRange() {
        return KeyRange.spanning(jobs(), schedule());
    }

    /** What a key stands for; empty for keys that are not fleet's. */
    public Optional<Place> locate(String key) {
        if (!key.startsWith(prefix)) {
            return Optional.empty();
        }
        String[] parts = key.substring(prefix.length()).split("/", -1);
        return switch (parts[0]) {
            case "job" ->
                    parts.length == 3
                            ? UnitName.parse(parts[1]).map(unit -> jobPart(unit, parts[2]))
                            : Optional.empty();
            case "machines" -> machinePart(parts);
            case "schedule" ->
                    parts.length == 3
                            ? UnitName.parse(parts[2])
                                    .map(unit -> new Place.Schedule(parts[1], unit))
                            : Optional.empty();
            case "states" ->
                    parts.length == 3
                            ? UnitName.parse(parts[1]).map(unit -> new Place.State(unit, parts[2]))
                            : Optional.empty();
            case "lease" ->
                    key.equals(engineLeader())
                            ? Optional.of(new Place.EngineLeader())
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Place> machinePart(String[] parts) {
        if (parts.length == 4 && parts[2].equals("metadata")) {
            return Optional.of(new Place.Metadata(parts[1], parts[3]));
        }
        if (parts.length != 3) {
            return Optional.empty();
        }
        return switch (parts[2]) {
            case "object" -> Optional.of(new Place.Machine(parts[1]));
            case "drain" -> Optional.of(new Place.Drain(parts[1]));
            default -> Optional.empty();
        };
    }

    private static Place jobPart(UnitName unit, String part) {
        return switch (part) {
            case "object" -> new Place.JobObject(unit);
            case "target-state" -> new Place.JobTargetState(unit);
            case "target" -> new Place.JobTarget(unit);
            case "move" -> new Place.JobMove(unit);
            case "next" -> new Place.JobNext(unit);
            case "outcome" -> new Place.JobOutcome(unit);
            default -> new Place.Other();
        };
    }

    /** What a key stands for. */
    public sealed interface Place {
        /** A unit's hash and requirements. */
        record JobObject(UnitName unit) implements Place {}

        /** A unit's target state. */
        record JobTargetState(UnitName unit) implements Place {}

        /** A unit's placement. */
        record JobTarget(UnitName unit) implements Place {}

        /** Where a unit is to be moved. */
        record JobMove(UnitName unit) implements Place {}

        /** What a unit's hash and requirements are to become. */
        record JobNext(UnitName unit) implements Place {}

        /** That a oneshot unit has finished. */
        record JobOutcome(UnitName unit) implements Place {}

        /** A machine. */
        record Machine(String id) implements Place {}

        /** Metadata of a machine that users have set. */
        record Metadata(String machineId, String name) implements Place {}

        /** That users want no units on a machine. */
        record Drain(String machineId) implements Place {}

        /** What a machine has to do about a unit. */
        record Schedule(String machineId, UnitName unit) implements Place {}

        /** What a machine reports of a unit. */
        record State(UnitName unit, String machineId) implements Place {}

        /** The leading engine. */
        record EngineLeader() implements Place {}

        /** A key of the original that has no meaning here. */
        record Other() implements Place {}
    }
}
