package io.skerry.fleet.store;

import java.util.Locale;
import java.util.Optional;

/**
 * The value of {@code schedule/M/U}: what a machine has to do about a unit.
 *
 * @param hash of the unit file meant
 */
public record Order(Duty duty, String hash) {
    /** How far to take the unit. */
    public enum Duty {
        /** Stop it, forget it, and delete the order. */
        UNLOAD,
        /** Have its file known to systemd, not running. */
        LOAD,
        /** Have it started. */
        LAUNCH;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Duty> parse(String wireName) {
            for (Duty duty : values()) {
                if (duty.wireName().equals(wireName)) {
                    return Optional.of(duty);
                }
            }
            return Optional.empty();
        }

        /** The duty that brings a placed unit to that state. */
        public static Duty toward(io.skerry.fleet.model.TargetState target) {
            return switch (target) {
                case INACTIVE -> UNLOAD;
                case LOADED -> LOAD;
                case LAUNCHED -> LAUNCH;
            };
        }
    }
}
