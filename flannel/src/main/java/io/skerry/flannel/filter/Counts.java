package io.skerry.flannel.filter;

/**
 * Packets that were dropped.
 *
 * @param denied the first ones of flows
 * @param stopped of flows that ran before a policy stopped them
 */
public record Counts(long denied, long stopped) {
    public static final Counts NONE = new Counts(0, 0);

    /** The higher of both, as counters never go back. */
    public Counts orMore(Counts other) {
        return new Counts(Math.max(denied, other.denied), Math.max(stopped, other.stopped));
    }
}
