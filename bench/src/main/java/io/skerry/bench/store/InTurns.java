package io.skerry.bench.store;

import java.util.ArrayList;
import java.util.List;

/** One number about both stores, a round at a time. */
final class InTurns {
    private final List<Double> original = new ArrayList<>();
    private final List<Double> ours = new ArrayList<>();

    void add(boolean ofOriginal, double value) {
        (ofOriginal ? original : ours).add(value);
    }

    /** The medians of the rounds. */
    Figure figure(String scenario, int members, String name, Goal goal) {
        return Figure.of(scenario, members, name, original, ours, goal);
    }
}
