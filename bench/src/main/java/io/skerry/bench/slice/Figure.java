package io.skerry.bench.slice;

import java.util.List;

/**
 * One figure of the slice.
 *
 * @param name what was measured
 * @param unit of value and target
 * @param value the median of what was seen, or the worst where the name says so
 * @param seen every single value
 * @param target not to be exceeded
 */
record Figure(String name, String unit, double value, List<Double> seen, double target) {
    Figure {
        seen = List.copyOf(seen);
    }

    static Figure median(String name, String unit, List<Double> seen, double target) {
        double[] sorted = seen.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double value =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figure(name, unit, value, seen, target);
    }

    static Figure worst(String name, String unit, List<Double> seen, double target) {
        return new Figure(
                name,
                unit,
                seen.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                seen,
                target);
    }

    boolean reached() {
        return value <= target;
    }
}
