package io.skerry.bench.store;

import io.skerry.base.file.FileTree;
import io.skerry.bench.load.LoadGenerator;
import io.skerry.bench.load.LoadPlan;
import io.skerry.bench.load.LoadResult;
import io.skerry.bench.load.Requests;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where members of both stores run: their programs, their folder, and the loads made on them. What
 * it started it ends, also when an interrupt closes it from another thread.
 */
final class Stage implements AutoCloseable {
    private static final Duration FILL_LIMIT = Duration.ofHours(2);
    private static final int CALLS_A_CONNECTION = 125;
    private static final int MAX_CONNECTIONS_A_MEMBER = 8;
    private static final int WARM_IN_FLIGHT = 1000;
    private static final String START_UP_CACHE = "/aot/server.aot";

    private final ServerKind original;
    private final ServerKind ours;
    private final Path folder;
    private final Consumer<String> progress;

    /** Clusters that are up; guarded by itself, as {@link #close} comes from any thread. */
    private final List<StoreCluster> up = new ArrayList<>();

    private boolean closed;
    private int started;

    /** Both stores, idle while the other is measured. */
    record Pair(StoreCluster original, StoreCluster ours) {
        List<StoreCluster> both() {
            return List.of(original, ours);
        }
    }

    /**
     * @param folder for the members' data; removed in the end
     * @param progress told what is done now, a line at a time
     */
    Stage(ServerKind original, ServerKind ours, Path folder, Consumer<String> progress) {
        this.original = original;
        this.ours = ours;
        this.folder = folder;
        this.progress = progress;
    }

    void tell(String line) {
        progress.accept(line);
    }

    Path folder() {
        return folder;
    }

    /** Starts both stores, with these flags besides the usual ones. */
    Pair start(int members, List<String> flags)
            throws BenchException, IOException, InterruptedException {
        tell("starting " + members + " + " + members + " members");
        return new Pair(start(original, members, flags), start(ours, members, flags));
    }

    /** Starts our store alone, its processes within a limit of memory. */
    StoreCluster startOurs(int members, List<String> flags, MemoryLimit limit)
            throws BenchException, IOException, InterruptedException {
        return start(new ServerKind(ours.label(), limit.around(ours.command())), members, flags);
    }

    private StoreCluster start(ServerKind kind, int members, List<String> flags)
            throws BenchException, IOException, InterruptedException {
        var cluster =
                new StoreCluster(
                        kind,
                        Files.createDirectory(folder.resolve(kind.label() + "-" + started++)),
                        flags);
        synchronized (up) {
            if (closed) {
                throw new BenchException("the benchmark was ended");
            }
            up.add(cluster);
        }
        cluster.start(members);
        if (kind.label().equals(ours.label()) && !cluster.mapsFile(START_UP_CACHE)) {
            tell(
                    "NOTE: the members run without their start-up cache, which makes them slower;"
                            + " a copy of a distribution must keep the times of its files (cp -a)");
        }
        return cluster;
    }

    /** Ends all members and removes their data. */
    void clear() throws IOException {
        List<StoreCluster> running;
        synchronized (up) {
            running = List.copyOf(up);
            up.clear();
        }
        for (StoreCluster cluster : running) {
            cluster.close();
            FileTree.remove(cluster.folder());
        }
    }

    /** Puts the keys that {@link Workload} reads, then calls for a while. */
    void warmUp(StoreCluster cluster, List<Workload> workloads, StorePlan plan)
            throws BenchException, IOException, InterruptedException {
        tell("warming " + cluster.kind().label() + " up");
        put(cluster, PutRequests.inOrder(Workload.KEYS), Workload.KEYS, 100);
        for (Workload workload : workloads) {
            load(
                    cluster,
                    workload.method(),
                    workload.requests(),
                    workload.inFlight(WARM_IN_FLIGHT),
                    plan.requestLimit(),
                    plan.warmUp(),
                    0);
        }
    }

    /** One round of what a scenario measures. */
    @FunctionalInterface
    interface Round {
        Object run() throws BenchException, IOException, InterruptedException;
    }

    /** Does rounds that do not count for a while, one at least. */
    void warmUp(StorePlan plan, Round round)
            throws BenchException, IOException, InterruptedException {
        long end = System.nanoTime() + plan.warmUp().toNanos();
        do {
            var _ = round.run();
        } while (System.nanoTime() < end);
    }

    /** Puts so many values in a closed loop, every one of which must be taken. */
    LoadResult put(StoreCluster cluster, Requests requests, long count, int inFlight)
            throws BenchException, IOException, InterruptedException {
        LoadResult result =
                load(cluster, Workload.PUT.method(), requests, inFlight, count, FILL_LIMIT, 0);
        if (result.good() < count) {
            throw new BenchException(
                    cluster.kind().label()
                            + " took only "
                            + result.good()
                            + " of "
                            + count
                            + " puts ("
                            + result.failed()
                            + " refused)");
        }
        return result;
    }

    /** One load on one store; at least one call must have been good. */
    LoadResult load(
            StoreCluster cluster,
            String method,
            Requests requests,
            int inFlight,
            long requestLimit,
            Duration time,
            int perSecond)
            throws BenchException, IOException, InterruptedException {
        // A single caller would meet the leader or a follower by luck: always the leader, then.
        List<InetSocketAddress> servers =
                inFlight == 1 ? List.of(cluster.leader()) : cluster.clients();
        int each =
                Math.clamp(
                        inFlight / servers.size() / CALLS_A_CONNECTION,
                        2,
                        MAX_CONNECTIONS_A_MEMBER);
        int connections = Math.min(inFlight, each * servers.size());
        LoadResult result =
                LoadGenerator.run(
                        new LoadPlan(
                                servers,
                                method,
                                requests,
                                inFlight,
                                connections,
                                requestLimit,
                                time,
                                perSecond));
        if (result.good() == 0) {
            throw new BenchException(
                    cluster.kind().label()
                            + " refused all "
                            + result.failed()
                            + " calls of "
                            + method);
        }
        return result;
    }

    /** Ends all members and removes everything; safe to call from a shutdown hook, and twice. */
    @Override
    public void close() throws IOException {
        synchronized (up) {
            closed = true;
        }
        clear();
        FileTree.remove(folder);
    }
}
