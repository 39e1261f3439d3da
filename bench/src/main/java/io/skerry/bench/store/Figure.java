package io.skerry.bench.store;

import java.util.List;

/**
 * One number about both stores.
 *
 * @param scenario what was done
 * @param name of the number, with its unit
 * @param etcd not a number where only ours was measured
 */
record Figure(String scenario, int members, String name, double etcd, double skerry, Goal goal) {

    /** The medians of what several rounds gave; no rounds of the original where it was not run. */
    static Figure of(
            String scenario,
            int members,
            String name,
            List<Double> etcd,
            List<Double> skerry,
            Goal goal) {
        return new Figure(scenario, members, name, Medians.of(etcd), Medians.of(skerry), goal);
    }

    double ratio() {
        return skerry / etcd;
    }
}
