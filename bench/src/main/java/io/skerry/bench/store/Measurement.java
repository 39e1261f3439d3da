package io.skerry.bench.store;

import java.util.List;
import java.util.function.Function;

/**
 * What one run of one load told, or the medians of several.
 *
 * @param perSecond good calls a second
 * @param cpuSecondsPer100k processor time of all members for 100,000 calls
 * @param residentBytes memory of all members after the run
 */
record Measurement(
        double perSecond,
        double p50Micros,
        double p99Micros,
        double cpuSecondsPer100k,
        double residentBytes,
        double failed) {

    static Measurement medianOf(List<Measurement> runs) {
        return new Measurement(
                median(runs, Measurement::perSecond),
                median(runs, Measurement::p50Micros),
                median(runs, Measurement::p99Micros),
                median(runs, Measurement::cpuSecondsPer100k),
                median(runs, Measurement::residentBytes),
                median(runs, Measurement::failed));
    }

    /** Each of this one's figures divided by the other's. */
    Measurement dividedBy(Measurement other) {
        return new Measurement(
                perSecond / other.perSecond,
                p50Micros / other.p50Micros,
                p99Micros / other.p99Micros,
                cpuSecondsPer100k / other.cpuSecondsPer100k,
                residentBytes / other.residentBytes,
                0);
    }

    private static double median(List<Measurement> runs, Function<Measurement, Double> figure) {
        return Medians.of(runs.stream().map(figure).toList());
    }
}
