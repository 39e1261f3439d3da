package io.skerry.bench.store;

import java.util.List;

/** One load on both stores, run in turns. */
record Comparison(
        int members,
        Workload workload,
        int inFlight,
        List<Measurement> original,
        List<Measurement> ours) {
    Comparison {
        original = List.copyOf(original);
        ours = List.copyOf(ours);
    }

    Measurement originalMedian() {
        return Measurement.medianOf(original);
    }

    Measurement oursMedian() {
        return Measurement.medianOf(ours);
    }

    /** Ours divided by the original's, median by median. */
    Measurement ratio() {
        return oursMedian().dividedBy(originalMedian());
    }
}
