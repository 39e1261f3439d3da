package io.skerry.etcd.server.consensus.rpc;

import io.skerry.base.time.MonotonicClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When this member last had a part in what a leader confirmed, its own leading included. Whatever a
 * leader confirmed, a write or that it still leads, had the word of a majority, and each of them
 * has noted a time that was not earlier. Thread-safe.
 *
 * <p>What was before the process started is taken to have been at its start.
 */
public final class LeaderContact {
    private final MonotonicClock clock;

    /** The newest term heard of, and when that was last. */
    private long term;

    private Duration inTerm;

    /** When any earlier term was last heard of. */
    private Duration earlier;

    /** The term in which this member leads; 0 if it does not. */
    private long leading;

    /**
     * @param clock must not run faster than time does, not even over a pause of this process
     */
    public LeaderContact(MonotonicClock clock) {
        this.clock = clock;
        this.inTerm = clock.now();
        this.earlier = inTerm;
    }

    /** A leader sends something; it is not yet answered. */
    public synchronized void hears(long leadersTerm) {
        Duration now = clock.now();
        if (leadersTerm > term) {
            earlier = later(earlier, inTerm);
            term = leadersTerm;
            inTerm = now;
        } else if (leadersTerm == term) {
            inTerm = now;
        } else {
            earlier = now;
        }
    }

    /** This member is about to lead. */
    public synchronized void leads(long ownTerm) {
        hears(ownTerm);
        leading = ownTerm;
    }

    /** This member has ceased to lead. */
    public synchronized void leadsNoLonger() {
        if (leading != 0) {
            hears(leading);
            leading = 0;
        }
    }

    /**
     * For how long at least this member has had no part in anything that a leader before a term
     * confirmed; null if there is a later leader already.
     */
    public synchronized @Nullable Duration silenceBefore(long leadersTerm) {
        if (leading != 0 && leading < leadersTerm) {
            // It has not yet got to know that it leads no longer.
            hears(leading);
        }
        if (term > leadersTerm) {
            return null;
        }
        Duration last = term == leadersTerm ? earlier : later(earlier, inTerm);
        return clock.now().minus(last);
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
