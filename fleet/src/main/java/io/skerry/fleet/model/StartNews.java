package io.skerry.fleet.model;

/**
 * What an agent tells of the start of a unit that is at rest, which systemd's states leave open: a
 * unit that has not begun looks like one that has ended.
 *
 * @param word as it is written: one of the constants' or, when the start has come to nothing, what
 *     systemd calls the result of its job, for instance {@code dependency}
 */
public record StartNews(String word) {
    /** Nothing is told: the unit is not at rest, or its agent is of an older version. */
    public static final StartNews UNTOLD = new StartNews("");

    /** The agent has not started the unit, or has stopped it since. */
    public static final StartNews NONE = new StartNews("none");

    /** How the start ends is not known yet. */
    public static final StartNews PENDING = new StartNews("pending");

    /** systemd has carried out the start. */
    public static final StartNews DONE = new StartNews("done");

    /** True when the start is over, well or not. */
    public boolean isOver() {
        return !equals(UNTOLD) && !equals(NONE) && !equals(PENDING);
    }

    /** True when the start has come to nothing. */
    public boolean hasFailed() {
        return isOver() && !equals(DONE);
    }
}
