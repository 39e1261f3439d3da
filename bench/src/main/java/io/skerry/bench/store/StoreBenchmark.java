package io.skerry.bench.store;

import io.skerry.bench.load.LoadGenerator;
import io.skerry.bench.load.LoadPlan;
import io.skerry.bench.load.LoadResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs every load of a plan on both stores. For each number of members both are up for the whole
 * time, both idle while the other is measured, and they take turns (A B A B), so that whatever else
 * the machine does meets both. Medians are taken over the rounds.
 */
public final class StoreBenchmark implements AutoCloseable {
    private static final Duration FILL_LIMIT = Duration.ofMinutes(2);
    private static final int FILL_IN_FLIGHT = 100;
    private static final int WARM_IN_FLIGHT = 1000;
    private static final int CALLS_A_CONNECTION = 125;
    private static final int MAX_CONNECTIONS_A_MEMBER = 8;

    private final StorePlan plan;
    private final ServerKind original;
    private final ServerKind ours;
    private final Path folder;
    private final Consumer<String> progress;

    /** Clusters that are up; guarded by itself, as an interrupt closes them from another thread. */
    private final List<StoreCluster> up = new ArrayList<>();

    private boolean closed;

    /**
     * A benchmark that keeps the members' data below a new folder in {@code parent}.
     *
     * @param progress told what is done now, a line at a time
     */
    public StoreBenchmark(
            StorePlan plan, Path etcd, Path launcher, Path parent, Consumer<String> progress)
            throws IOException {
        this.plan = plan;
        this.original = ServerKind.etcd(etcd);
        this.ours = ServerKind.skerry(launcher);
        this.progress = progress;
        this.folder = Files.createTempDirectory(parent, "skerry-bench-");
    }

    /** What was measured, rendered for people and for programs. */
    public record Figures(String table, String json) {}

    /** Runs the whole plan. */
    public Figures run() throws BenchException, IOException, InterruptedException {
        var comparisons = new ArrayList<Comparison>();
        for (int members : plan.members()) {
            comparisons.addAll(compare(members));
        }
        return new Figures(Report.table(comparisons), Report.json(Machine.of(folder), comparisons));
    }

    private List<Comparison> compare(int members)
            throws BenchException, IOException, InterruptedException {
        progress.accept("starting " + members + " + " + members + " members");
        try {
            StoreCluster a = start(original, members);
            StoreCluster b = start(ours, members);
            for (StoreCluster cluster : List.of(a, b)) {
                progress.accept("warming " + cluster.kind().label() + " up");
                fill(cluster);
                for (Workload workload : plan.workloads()) {
                    measure(cluster, workload, workload.requests(), WARM_IN_FLIGHT, plan.warmUp());
                }
            }
            var comparisons = new ArrayList<Comparison>();
            for (Workload workload : plan.workloads()) {
                List<byte[]> requests = workload.requests();
                for (int inFlight : plan.inFlight()) {
                    var ofOriginal = new ArrayList<Measurement>();
                    var ofOurs = new ArrayList<Measurement>();
                    for (int round = 0; round < plan.rounds(); round++) {
                        ofOriginal.add(measure(a, workload, requests, inFlight, plan.time()));
                        ofOurs.add(measure(b, workload, requests, inFlight, plan.time()));
                    }
                    var comparison =
                            new Comparison(members, workload, inFlight, ofOriginal, ofOurs);
                    comparisons.add(comparison);
                    progress.accept(Report.line(comparison));
                }
            }
            return comparisons;
        } finally {
            endAll();
        }
    }

    private void endAll() {
        List<StoreCluster> running;
        synchronized (up) {
            running = List.copyOf(up);
            up.clear();
        }
        running.forEach(StoreCluster::close);
    }

    private StoreCluster start(ServerKind kind, int members)
            throws BenchException, IOException, InterruptedException {
        Path data = Files.createDirectory(folder.resolve(kind.label() + "-" + members));
        var cluster = new StoreCluster(kind, data);
        synchronized (up) {
            if (closed) {
                throw new BenchException("the benchmark was ended");
            }
            up.add(cluster);
        }
        cluster.start(members);
        return cluster;
    }

    private static void fill(StoreCluster cluster)
            throws IOException, InterruptedException, BenchException {
        LoadResult result =
                LoadGenerator.run(
                        new LoadPlan(
                                cluster.clients(),
                                Workload.PUT.method(),
                                Workload.PUT.requests(),
                                FILL_IN_FLIGHT,
                                cluster.clients().size(),
                                Workload.KEYS,
                                FILL_LIMIT));
        if (result.good() < Workload.KEYS) {
            throw new BenchException(
                    cluster.kind().label()
                            + " took only "
                            + result.good()
                            + " of "
                            + Workload.KEYS
                            + " keys ("
                            + result.failed()
                            + " refused)");
        }
    }

    private Measurement measure(
            StoreCluster cluster,
            Workload workload,
            List<byte[]> requests,
            int inFlight,
            Duration time)
            throws IOException, InterruptedException, BenchException {
        // A single caller would meet the leader or a follower by luck: always the leader, then.
        List<InetSocketAddress> servers =
                inFlight == 1 ? List.of(cluster.leader()) : cluster.clients();
        int each =
                Math.clamp(
                        inFlight / servers.size() / CALLS_A_CONNECTION,
                        2,
                        MAX_CONNECTIONS_A_MEMBER);
        int connections = Math.min(inFlight, each * servers.size());
        ProcessUse before = cluster.use();
        LoadResult result =
                LoadGenerator.run(
                        new LoadPlan(
                                servers,
                                workload.method(),
                                requests,
                                inFlight,
                                connections,
                                plan.requestLimit(),
                                time));
        ProcessUse after = cluster.use();
        if (result.good() == 0) {
            throw new BenchException(
                    cluster.kind().label()
                            + " refused all "
                            + result.failed()
                            + " calls of "
                            + workload.label());
        }
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
        synchronized (up) {
            closed = true;
        }
        endAll();
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted((x, y) -> y.compareTo(x)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
