package io.skerry.fleet.store;

import io.skerry.fleet.model.TargetState;
import java.util.Locale;
import java.util.Optional;

/**
 * The value of {@code schedule/M/U}: what a machine has to do about a unit.
 *
 * @param hash of the unit file meant
 * @param relief whether others wait until this machine has the unit running: machines that run it
 *     until then, or units that get their new files after it
 * @param finished whether the machine has run it to its end, so that it is not to be run again
 */
public record Order(Duty duty, String hash, Relief relief, boolean finished) {
    /** An order for which nobody waits. */
    public Order(Duty duty, String hash) {
        this(duty, hash, Relief.NONE);
    }

    /** An order to begin with. */
    public Order(Duty duty, String hash, Relief relief) {
        this(duty, hash, relief, false);
    }

    /** The same order with another relief. */
    public Order withRelief(Relief now) {
        return new Order(duty, hash, now, finished);
    }

    /** The same order, carried out for good. */
    public Order asFinished() {
        return new Order(duty, hash, isAwaited() ? Relief.DONE : relief, true);
    }

    /** True while others wait for the unit to run here. */
    public boolean isAwaited() {
        return relief == Relief.AWAITED || relief == Relief.FAILED;
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

    /** How far those are who wait for the unit to run on this machine. */
    public enum Relief {
        /** There are none. */
        NONE,
        /** They wait until this machine says {@link #DONE}. */
        AWAITED,
        /** They wait on, although systemd says here that the unit has failed. */
        FAILED,
        /** This machine has the unit running, or it has run here and ended well. */
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
