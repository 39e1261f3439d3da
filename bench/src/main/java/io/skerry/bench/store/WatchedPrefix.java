package io.skerry.bench.store;

import java.io.IOException;
import java.util.List;

/** Many watchers of all keys while puts come as fast as may be: how many events come a second. */
final class WatchedPrefix implements Scenario {
    private static final int IN_FLIGHT = 10;

    @Override
    public String label() {
        return "watch-prefix";
    }

    @Override
    public List<Figure> run(Stage stage, StorePlan plan, int members)
            throws BenchException, IOException, InterruptedException {
        Stage.Pair pair = stage.start(members, List.of());
        int watchers = plan.sizes().prefixWatchers();
        int puts = plan.sizes().watchedPuts();
        var rate = new InTurns();
        var cpu = new InTurns();
        for (int round = -1; round < plan.rounds(); round++) {
            for (StoreCluster cluster : pair.both()) {
                boolean original = cluster == pair.original();
                if (round < 0) {
                    stage.warmUp(cluster, List.of(Workload.PUT), plan);
                }
                try (var watching = Watchers.ofPrefix(cluster, watchers)) {
                    ProcessUse before = cluster.use();
                    long start = System.nanoTime();
                    var _ = stage.put(cluster, PutRequests.shuffled(puts), puts, IN_FLIGHT);
                    long events = (long) puts * watchers;
                    watching.await(events);
                    double seconds = (System.nanoTime() - start) / 1e9;
                    if (round >= 0) { // the first round is for both to warm up
                        rate.add(original, events / seconds);
                        double used = cluster.use().cpuSeconds() - before.cpuSeconds();
                        cpu.add(original, used * 1_000_000 / events);
                    }
                    var _ = watching.end();
                }
            }
        }
        return List.of(
                rate.figure(
                        label(),
                        members,
                        "events/s to " + watchers + " watchers",
                        new Goal.RatioAtLeast(2)),
                cpu.figure(label(), members, "CPU s/1M events", new Goal.None()));
    }
}
