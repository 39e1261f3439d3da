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
        var rate = new InTurns();
        var cpu = new InTurns();
        var load = new InTurns();
        for (StoreCluster cluster : pair.both()) {
            stage.warmUp(cluster, List.of(Workload.PUT), plan);
            stage.warmUp(plan, () -> round(stage, plan, cluster));
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (StoreCluster cluster : pair.both()) {
                boolean original = cluster == pair.original();
                Delivery delivery = round(stage, plan, cluster);
                rate.add(original, delivery.events() / delivery.seconds());
                cpu.add(original, delivery.cpuSeconds() * 1_000_000 / delivery.events());
                load.add(original, delivery.loadCpuSeconds() * 1_000_000 / delivery.events());
            }
        }
        return List.of(
                rate.figure(
                        label(),
                        members,
                        "events/s to " + plan.sizes().prefixWatchers() + " watchers",
                        new Goal.RatioAtLeast(2)),
                cpu.figure(label(), members, "CPU s/1M events", new Goal.None()),
                load.figure(label(), members, "the load's CPU s/1M events", new Goal.None()));
    }

    /**
     * What one round took, from the first put until the last watcher had the last event.
     *
     * @param loadCpuSeconds of the puts' and the watchers' side, which no server can save
     */
    private record Delivery(
            long events, double seconds, double cpuSeconds, double loadCpuSeconds) {}

    private static Delivery round(Stage stage, StorePlan plan, StoreCluster cluster)
            throws BenchException, IOException, InterruptedException {
        int puts = plan.sizes().watchedPuts();
        int watchers = plan.sizes().prefixWatchers();
        long events = (long) puts * watchers;
        var load = List.of(ProcessHandle.current().pid());
        try (var watching = Watchers.ofPrefix(cluster, watchers)) {
            double cpu = cluster.use().cpuSeconds();
            double loadCpu = ProcessUse.of(load).cpuSeconds();
            long start = System.nanoTime();
            var _ = stage.put(cluster, PutRequests.shuffled(puts), puts, IN_FLIGHT);
            watching.await(events);
            double seconds = (System.nanoTime() - start) / 1e9;
            cpu = cluster.use().cpuSeconds() - cpu;
            loadCpu = ProcessUse.of(load).cpuSeconds() - loadCpu;
            var _ = watching.end();
            return new Delivery(events, seconds, cpu, loadCpu);
        }
    }
}
