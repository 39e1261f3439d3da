package io.skerry.bench.net;

import io.skerry.bench.store.Goal;
import io.skerry.bench.store.Medians;
import java.util.List;

/**
 * One number, a round at a time.
 *
 * @param original empty where the original was not there or cannot do it
 */
record NetFigure(String name, List<Double> original, List<Double> ours, Goal goal) {
    NetFigure {
        original = List.copyOf(original);
        ours = List.copyOf(ours);
    }

    double originalMedian() {
        return Medians.of(original);
    }

    double oursMedian() {
        return Medians.of(ours);
    }

    /** Whether there is something to judge by. */
    boolean judged() {
        return switch (goal) {
            case Goal.None _ -> false;
            case Goal.AtMost _ -> !ours.isEmpty();
            case Goal.RatioAtLeast _, Goal.RatioAtMost _ -> !ours.isEmpty() && !original.isEmpty();
        };
    }

    boolean reached() {
        return goal.reached(originalMedian(), oursMedian());
    }
}
