package io.skerry.bench.store;

import java.util.Collection;

/** Medians of rounds. */
public final class Medians {
    private Medians() {}

    /** The middle one, or the mean of the middle two; not a number when there is none. */
    public static double of(Collection<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
