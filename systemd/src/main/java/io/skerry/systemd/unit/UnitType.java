package io.skerry.systemd.unit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The kinds of units, each with the suffix of its name and the section of its own, if it has one.
 */
public enum UnitType {
    AUTOMOUNT("Automount"),
    DEVICE(""),
    MOUNT("Mount"),
    PATH("Path"),
    SCOPE("Scope"),
    SERVICE("Service"),
    SLICE("Slice"),
    SOCKET("Socket"),
    SWAP("Swap"),
    TARGET(""),
    TIMER("Timer");

    private final String section;

    UnitType(String section) {
        this.section = section;
    }

    /** What names of this type end with after the dot, for instance {@code service}. */
    public String suffix() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type's own section, for instance {@code Service}; empty for targets and devices. */
    public String section() {
        return section;
    }

    /** The type with that suffix (without the dot), if there is one. */
    public static Optional<UnitType> ofSuffix(String suffix) {
        return Arrays.stream(values()).filter(t -> t.suffix().equals(suffix)).findFirst();
    }

    static String suffixes() {
        return Arrays.stream(values()).map(UnitType::suffix).collect(Collectors.joining(", "));
    }
}
