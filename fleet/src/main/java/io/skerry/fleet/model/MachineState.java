package io.skerry.fleet.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A machine as it describes itself to the cluster; it exists as long as its lease.
 *
 * @param id the machine id, by custom 32 hexadecimal digits
 * @param publicIp the address under which other machines and clients reach it; may be empty
 * @param metadata what {@code MachineMetadata=} is compared with
 * @param bootId changes with every boot of the host
 * @param version of the program that runs there
 * @param leaving true while the machine gives its units away before it goes; it gets no new ones
 * @param drained true while users want no units on it; kept beside what the machine says of itself
 * @param capacity what it has for units; nothing when it does not tell
 */
public record MachineState(
        String id,
        String publicIp,
        SortedMap<String, String> metadata,
        String bootId,
        String version,
        boolean leaving,
        boolean drained,
        Resources capacity) {
    private static final int SHORT_ID_LENGTH = 8;

    /** Refuses an id that could not be part of a key. */
    public MachineState {
        requireId(id);
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }

    /** The id's first eight characters, by which users may name a machine in a unit file. */
    public String shortId() {
        return id.substring(0, Math.min(SHORT_ID_LENGTH, id.length()));
    }

    /** The same machine with the leaving mark set or not. */
    public MachineState withLeaving(boolean isLeaving) {
        return new MachineState(
                id, publicIp, metadata, bootId, version, isLeaving, drained, capacity);
    }

    /** The same machine with what users have said of it. */
    public MachineState with(SortedMap<String, String> usersMetadata, boolean isDrained) {
        if (usersMetadata.isEmpty() && isDrained == drained) {
            return this;
        }
        var all = new TreeMap<>(metadata);
        all.putAll(usersMetadata);
        return new MachineState(id, publicIp, all, bootId, version, leaving, isDrained, capacity);
    }

    /** True while the machine gets no units and is to be rid of those it has. */
    public boolean closed() {
        return leaving || drained;
    }

    /** True when the text is this machine's id or its short form. */
    public boolean isNamed(String fullOrShortId) {
        return id.equals(fullOrShortId) || shortId().equals(fullOrShortId);
    }

    /**
     * Returns the id when it can name a machine.
     *
     * @throws IllegalArgumentException when it cannot
     */
    public static String requireId(String id) {
        if (!id.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")) {
            throw new IllegalArgumentException(
                    "machine id '"
                            + id
                            + "' is not usable: 1 to 128 letters, digits, _ . or - are allowed");
        }
        return id;
    }
}
