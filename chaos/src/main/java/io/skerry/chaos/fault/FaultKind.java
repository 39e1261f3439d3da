package io.skerry.chaos.fault;

import io.skerry.chaos.cluster.Members;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The faults that can be asked for by name. */
public enum FaultKind {
    /** {@code kill -9} of one, of a majority or of all, and a start later. */
    KILL(false),
    /** A member's process is stopped and goes on later. */
    PAUSE(false),
    /** Killed, and what it was writing to its log at that moment is half there. */
    TORN(false),
    /**
     * Links between members are cut: both ways, one way, or so that one member sees both halves.
     */
    PARTITION(true),
    /** A share of the packets is lost. */
    LOSS(true),
    /** The disk of a member's data has no space left. */
    FULL(true),
    /** The disk of a member's data writes a few times a second only. */
    SLOW(true),
    /** The time of day of a member jumps ahead or back. */
    CLOCK(false),
    /** A member is removed from the cluster for good and another is added in its place. */
    MEMBER(false);

    private final boolean needsRoot;

    FaultKind(boolean needsRoot) {
        this.needsRoot = needsRoot;
    }

    /**
     * What keeps it from being done here, for people; empty if nothing does.
     *
     * @param separated whether members have networks and disks of their own
     */
    public Optional<String> lacking(int members, boolean separated) {
        if (needsRoot && !separated) {
            return Optional.of(
                    "root and the programs ip, nft and nsenter, for networks and disks of the"
                            + " members' own");
        }
        return switch (this) {
            case KILL, PAUSE, TORN, PARTITION, LOSS, FULL -> Optional.empty();
            case SLOW ->
                    lacking(
                            Members.disksCanBeSlow(),
                            "loop devices, mkfs.ext4 and the controller blkio of cgroup v1");
            case CLOCK -> lacking(Members.clocksCanBeSet(), "libfaketime (Debian: faketime)");
            case MEMBER -> lacking(members > 1, "more than one member");
        };
    }

    private static Optional<String> lacking(boolean there, String what) {
        return there ? Optional.empty() : Optional.of(what);
    }

    /** All that are possible here. */
    public static Set<FaultKind> possible(int members, boolean separated) {
        return Arrays.stream(values())
                .filter(kind -> kind.lacking(members, separated).isEmpty())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultKind.class)));
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind of a name.
     *
     * @throws IllegalArgumentException with all names if there is none such
     */
    public static FaultKind of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "--faults: \""
                                        + label
                                        + "\" is none of "
                                        + String.join(
                                                ", ",
                                                Arrays.stream(values())
                                                        .map(FaultKind::label)
                                                        .toList())));
    }
}
