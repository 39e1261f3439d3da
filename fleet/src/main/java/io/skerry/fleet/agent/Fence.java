package io.skerry.fleet.agent;

import java.time.Duration;

/**
 * When a host that is cut off has to stop the units that may be started elsewhere.
 *
 * <p>An engine gives a machine up no sooner than its lease has run out, which is a time-to-live
 * after the store took its last renewal, and therefore no sooner than that long after the renewal
 * was sent. A host that cannot renew stops its units a margin before that. But nobody can start
 * anything elsewhere while the store is stuck or has no majority: as long as this host reaches so
 * many of the store's members that the others are no majority, it has nothing to fear. A member
 * that refuses a connection counts as reached, since what is cut off does not answer at all, unless
 * other hosts tell that the store answers them ({@link Testimony}).
 *
 * @param ttl the lease's time-to-live
 * @param margin how long before its end the units are stopped, for the stopping itself
 */
public record Fence(Duration ttl, Duration margin) {
    public Fence {
        if (margin.isNegative() || margin.compareTo(ttl) >= 0) {
            throw new IllegalArgumentException(
                    "the fence's margin " + margin + " must be shorter than the lease's " + ttl);
        }
    }

    /** How old the last renewal may become before the store's members are to be probed. */
    public Duration probeAfter() {
        // Later than a third of the lease, when the next renewal is sent; and busy hosts need time.
        return fenceAfter().multipliedBy(5).dividedBy(8);
    }

    /** How old the last renewal may become before units are stopped. */
    public Duration fenceAfter() {
        return ttl.minus(margin);
    }

    /**
     * Whether the units have to stop.
     *
     * @param sinceRenewal how long ago the last renewal that was answered had been sent
     * @param awake how long this process has been running since it was last stopped; one that has
     *     just been thawed must have had the time to renew before it fences
     * @param members of the store
     * @param unreachable how many of them did not answer to an attempt to connect
     */
    public boolean closed(Duration sinceRenewal, Duration awake, int members, int unreachable) {
        return sinceRenewal.compareTo(fenceAfter()) >= 0
                && awake.compareTo(margin) >= 0
                && isMajority(unreachable, members);
    }

    /** Whether so many of the store's members are a majority of them. */
    public static boolean isMajority(int some, int members) {
        return some >= members / 2 + 1;
    }
}
