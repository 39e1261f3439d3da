package io.skerry.bench.store;

import io.skerry.bench.load.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs every load and scenario of a plan on both stores. In loads both are up for the whole time,
 * both idle while the other is measured, and they take turns (A B A B), so that whatever else the
 * machine does meets both. Medians are taken over the rounds.
 */
public final class StoreBenchmark implements AutoCloseable {
    private final StorePlan plan;
    private final Stage stage;

    /**
     * A benchmark that keeps the members' data below a new folder in {@code parent}.
     *
     * @param progress told what is done now, a line at a time
     */
    public StoreBenchmark(
            StorePlan plan, Path etcd, Path launcher, Path parent, Consumer<String> progress)
            throws IOException {
        this.plan = plan;
        this.stage =
                new Stage(
                        ServerKind.etcd(etcd),
                        ServerKind.skerry(launcher),
                        Files.createTempDirectory(parent, "skerry-bench-"),
                        progress);
    }

    /** What was measured, rendered for people and for programs. */
    public record Figures(String table, String json) {}

    /** Runs the whole plan. */
    public Figures run() throws BenchException, IOException, InterruptedException {
        var comparisons = new ArrayList<Comparison>();
        var figures = new ArrayList<Figure>();
        for (int members : plan.members()) {
            if (!plan.workloads().isEmpty()) {
                comparisons.addAll(compare(members));
            }
            for (Scenario scenario : plan.scenarios()) {
                try {
                    List<Figure> found = scenario.run(stage, plan, members);
                    found.forEach(figure -> stage.tell(Report.line(figure)));
                    figures.addAll(found);
                } finally {
                    stage.clear();
                }
            }
        }
        return new Figures(
                Report.table(comparisons, figures),
                Report.json(Machine.of(stage.folder()), comparisons, figures));
    }

    private List<Comparison> compare(int members)
            throws BenchException, IOException, InterruptedException {
        try {
            Stage.Pair pair = stage.start(members, List.of());
            for (StoreCluster cluster : pair.both()) {
                stage.warmUp(cluster, plan.workloads(), plan);
            }
            var comparisons = new ArrayList<Comparison>();
            for (Workload workload : plan.workloads()) {
                for (int inFlight :
                        plan.inFlight().stream().map(workload::inFlight).distinct().toList()) {
                    var ofOriginal = new ArrayList<Measurement>();
                    var ofOurs = new ArrayList<Measurement>();
                    for (int round = 0; round < plan.rounds(); round++) {
                        ofOriginal.add(measure(pair.original(), workload, inFlight));
                        ofOurs.add(measure(pair.ours(), workload, inFlight));
                    }
                    var comparison =
                            new Comparison(members, workload, inFlight, ofOriginal, ofOurs);
                    comparisons.add(comparison);
                    stage.tell(Report.line(comparison));
                }
            }
            return comparisons;
        } finally {
            stage.clear();
        }
    }

    private Measurement measure(StoreCluster cluster, Workload workload, int inFlight)
            throws IOException, InterruptedException, BenchException {
        ProcessUse before = cluster.use();
        LoadResult result =
                stage.load(
                        cluster,
                        workload.method(),
                        workload.requests(),
                        inFlight,
                        plan.requestLimit(),
                        plan.time(),
                        0);
        ProcessUse after = cluster.use();
        return new Measurement(
                result.perSecond(),
                result.latencyMicros(50),
                result.latencyMicros(99),
                (after.cpuSeconds() - before.cpuSeconds()) * 100_000 / result.good(),
                after.residentBytes(),
                result.failed());
    }

    /** Ends all members and removes their data; safe to call from a shutdown hook, and twice. */
    @Override
    public void close() throws IOException {
        stage.close();
    }
}
