package io.skerry.fleet.model;

import java.util.Locale;
import java.util.Optional;

/** What a user wants of a unit. The later a constant, the more is to be done for the unit. */
public enum TargetState {
    /** Known to the cluster, on no machine. */
    INACTIVE,
    /** Placed on a machine, its file known to systemd there, not started. */
    LOADED,
    /** Placed and started. */
    LAUNCHED;

    /** True when a unit in this state has to be on a machine. */
    public boolean needsPlacement() {
        return this != INACTIVE;
    }

    /** The name in the API and in the store: {@code inactive}, {@code loaded}, {@code launched}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of that wire name, if it is one. */
    public static Optional<TargetState> parse(String wireName) {
        for (TargetState state : values()) {
            if (state.wireName().equals(wireName)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return wireName();
    }
}
