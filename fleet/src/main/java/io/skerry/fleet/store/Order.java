package io.skerry.fleet.store;

import io.skerry.fleet.model.TargetState;
import java.util.Locale;
import java.util.Optional;

/**
 * The value of {@code schedule/M/U}: what a machine has to do about a unit.
 *
 * @param hash of the unit file meant
 * @param relief whether other machines run the unit until this one does
 */
public record Order(Duty duty, String hash, Relief relief) {
    /** An order that relieves no other machine. */
    public Order(Duty duty, String hash) {
        this(duty, hash, Relief.NONE);
    }

    /** The same order with another relief. */
    public Order withRelief(Relief now) {
        return new Order(duty, hash, now);
    }

    /** How far to take the unit. */
    public enum Duty {
        /** Stop it, forget it, and delete the order. */
        UNLOAD,
        /** Have its file known to systemd, not running. */
        LOAD,
        /** Have it started. */
        LAUNCH,
        /** Let it go on as it is, until another machine has it running. */
        HANDOVER;

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
        public static Duty toward(TargetState target) {
            return switch (target) {
                case INACTIVE -> UNLOAD;
                case LOADED -> LOAD;
                case LAUNCHED -> LAUNCH;
            };
        }
    }

    /** How the machines stand that hand a unit over to this one. */
    public enum Relief {
        /** There are none. */
        NONE,
        /** They run the unit until this machine says {@link #DONE}. */
        AWAITED,
        /** This machine has the unit running: they may stop it. */
        DONE;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Relief> parse(String wireName) {
            for (Relief relief : values()) {
                if (relief.wireName().equals(wireName)) {
                    return Optional.of(relief);
                }
            }
            return Optional.empty();
        }
    }
}
