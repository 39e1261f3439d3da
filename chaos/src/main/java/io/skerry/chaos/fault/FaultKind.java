package io.skerry.chaos.fault;

import java.util.Arrays;
import java.util.Locale;

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
    FULL(true);

    private final boolean needsRoot;

    FaultKind(boolean needsRoot) {
        this.needsRoot = needsRoot;
    }

    /** Whether members must have networks and disks of their own for it. */
    public boolean needsRoot() {
        return needsRoot;
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
