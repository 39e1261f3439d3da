package io.skerry.flannel.plan;

import java.util.OptionalInt;

/** Finds how long a packet the path to a host carries whole. Pure but for the probe it is given. */
public final class PathSearch {
    /** What every host of IPv4 has to take; links of IPv6 carry more. */
    private static final int LEAST = 576;

    private PathSearch() {}

    /**
     * Tries the path.
     *
     * @param <E> what is thrown when that cannot be tried
     */
    @FunctionalInterface
    public interface Probe<E extends Exception> {
        /** Whether a packet of that length arrives, and its answer here. */
        boolean arrives(int bytes) throws E, InterruptedException;
    }

    /**
     * Searches.
     *
     * @param wanted more is of no interest
     * @return the longest that arrives; empty if even short ones are not answered, which says
     *     nothing of the path
     */
    public static <E extends Exception> OptionalInt longest(int wanted, Probe<E> probe)
            throws E, InterruptedException {
        if (probe.arrives(wanted)) {
            return OptionalInt.of(wanted);
        }
        if (wanted <= LEAST || !probe.arrives(LEAST)) {
            return OptionalInt.empty();
        }
        int arrives = LEAST;
        int fails = wanted;
        while (fails - arrives > 1) {
            int middle = (arrives + fails) >>> 1;
            if (probe.arrives(middle)) {
                arrives = middle;
            } else {
                fails = middle;
            }
        }
        return OptionalInt.of(arrives);
    }
}
