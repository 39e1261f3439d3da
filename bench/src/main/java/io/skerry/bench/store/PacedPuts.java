package io.skerry.bench.store;

import io.skerry.bench.load.LoadResult;
import java.io.IOException;
import java.util.List;

/** Puts at a rate that both stores are offered alike: what a caller waits for. */
final class PacedPuts implements Scenario {
    private static final int MOST_UNDER_WAY = 2_000;
    private static final double MICROS_A_MILLI = 1_000;

    @Override
    public String label() {
        return "paced-put";
    }

    @Override
    public List<Figure> run(Stage stage, StorePlan plan, int members)
            throws BenchException, IOException, InterruptedException {
        Stage.Pair pair = stage.start(members, List.of());
        for (StoreCluster cluster : pair.both()) {
            stage.warmUp(cluster, List.of(Workload.PUT), plan);
        }
        int rate = plan.sizes().perSecond();
        var median = new InTurns();
        var high = new InTurns();
        var cpu = new InTurns();
        for (int round = 0; round < plan.rounds(); round++) {
            for (StoreCluster cluster : pair.both()) {
                ProcessUse before = cluster.use();
                LoadResult result =
                        stage.load(
                                cluster,
                                Workload.PUT.method(),
                                Workload.PUT.requests(),
                                MOST_UNDER_WAY,
                                plan.requestLimit(),
                                plan.time(),
                                rate);
                double seconds = cluster.use().cpuSeconds() - before.cpuSeconds();
                boolean original = cluster == pair.original();
                median.add(original, result.latencyMicros(50) / MICROS_A_MILLI);
                high.add(original, result.latencyMicros(99) / MICROS_A_MILLI);
                cpu.add(original, seconds * 100_000 / result.good());
            }
        }
        String at = " at " + rate + "/s";
        return List.of(
                median.figure(label(), members, "p50 ms" + at, new Goal.None()),
                high.figure(label(), members, "p99 ms" + at, new Goal.RatioAtMost(1)),
                cpu.figure(label(), members, "CPU s/100k" + at, new Goal.None()));
    }
}
