package io.skerry.bench.store;

import io.skerry.bench.load.LoadResult;
import java.io.IOException;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Many watchers share few keys that are put at a rate: how long until all have been told. */
final class WatchedKeys implements Scenario {
    private static final int KEYS = 100;
    private static final int MOST_UNDER_WAY = 1_000;
    private static final double MICROS_A_MILLI = 1_000;

    @Override
    public String label() {
        return "watch-keys";
    }

    @Override
    public List<Figure> run(Stage stage, StorePlan plan, int members)
            throws BenchException, IOException, InterruptedException {
        Stage.Pair pair = stage.start(members, List.of());
        var median = new InTurns();
        var high = new InTurns();
        var cpu = new InTurns();
        for (StoreCluster cluster : pair.both()) {
            stage.warmUp(cluster, List.of(Workload.PUT), plan);
            stage.warmUp(plan, () -> round(stage, plan, cluster));
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (StoreCluster cluster : pair.both()) {
                boolean original = cluster == pair.original();
                ProcessUse before = cluster.use();
                Histogram delivery = round(stage, plan, cluster);
                double seconds = cluster.use().cpuSeconds() - before.cpuSeconds();
                median.add(original, delivery.getValueAtPercentile(50) / MICROS_A_MILLI);
                high.add(original, delivery.getValueAtPercentile(99) / MICROS_A_MILLI);
                cpu.add(original, seconds * 1_000_000 / delivery.getTotalCount());
            }
        }
        String of = " of " + plan.sizes().watchers() + " watchers";
        return List.of(
                median.figure(label(), members, "delivery p50 ms" + of, new Goal.None()),
                high.figure(label(), members, "delivery p99 ms" + of, new Goal.RatioAtMost(1)),
                cpu.figure(label(), members, "CPU s/1M events", new Goal.None()));
    }

    private static Histogram round(Stage stage, StorePlan plan, StoreCluster cluster)
            throws BenchException, IOException, InterruptedException {
        int watchers = plan.sizes().watchers();
        try (var watching = Watchers.ofKeys(cluster, watchers, KEYS)) {
            LoadResult puts =
                    stage.load(
                            cluster,
                            Workload.PUT.method(),
                            PutRequests.inOrder(KEYS),
                            MOST_UNDER_WAY,
                            plan.requestLimit(),
                            plan.time(),
                            plan.sizes().perSecond());
            watching.await(puts.good() * (watchers / KEYS));
            return watching.end();
        }
    }
}
