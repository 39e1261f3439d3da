package io.skerry.bench.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DefragmentRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.skerry.bench.load.LoadResult;
import io.skerry.bench.load.Requests;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many keys of 256 bytes: memory, pages with a count, a restart; then each key is overwritten
 * several times and the old versions are compacted away, while a client writes all the time.
 */
final class ManyKeys implements Scenario {
    static final List<String> ROOM = List.of("--quota-backend-bytes", "34359738368");

    private static final int LOAD_IN_FLIGHT = 1_000;
    private static final int OVERWRITE_IN_FLIGHT = 100;
    private static final int READ_IN_FLIGHT = 10;
    private static final int PAGE_KEYS = 500;
    private static final double MEGABYTE = 1 << 20;
    private static final double MICROS_A_MILLI = 1_000;
    private static final double MOST_PAUSE_MILLIS = 100;

    /** How long a store may take to give space back by itself once it was compacted. */
    private static final long SETTLE_SECONDS = 60;

    private static final long SETTLED_SECONDS = 5;

    @Override
    public String label() {
        return "many-keys";
    }

    @Override
    public List<Figure> run(Stage stage, StorePlan plan, int members)
            throws BenchException, IOException, InterruptedException {
        long keys = plan.sizes().keys();
        Stage.Pair pair = stage.start(members, ROOM);
        var figures = new ArrayList<Figure>();
        figures.addAll(load(stage, pair, keys, members));
        figures.addAll(pages(stage, plan, pair, members));
        figures.addAll(restart(stage, plan, pair, members));
        figures.addAll(overwrite(stage, plan, pair, members));
        figures.addAll(compact(stage, pair, members));
        return figures;
    }

    private List<Figure> load(Stage stage, Stage.Pair pair, long keys, int members)
            throws BenchException, IOException, InterruptedException {
        var rate = new InTurns();
        var cpu = new InTurns();
        var resident = new InTurns();
        for (StoreCluster cluster : pair.both()) {
            boolean original = cluster == pair.original();
            stage.tell(cluster.kind().label() + ": putting " + keys + " keys");
            ProcessUse before = cluster.use();
            LoadResult puts = stage.put(cluster, PutRequests.inOrder(keys), keys, LOAD_IN_FLIGHT);
            ProcessUse after = cluster.use();
            rate.add(original, puts.perSecond());
            cpu.add(original, (after.cpuSeconds() - before.cpuSeconds()) * 100_000 / keys);
            resident.add(original, after.residentBytes() / MEGABYTE);
        }
        return List.of(
                rate.figure(label(), members, "puts/s, new keys", new Goal.None()),
                cpu.figure(label(), members, "CPU s/100k, new keys", new Goal.None()),
                resident.figure(label(), members, "RSS MB, loaded", new Goal.RatioAtMost(1)));
    }

    private List<Figure> pages(Stage stage, StorePlan plan, Stage.Pair pair, int members)
            throws BenchException, IOException, InterruptedException {
        stage.tell("reading pages of " + PAGE_KEYS + " keys with a count of all");
        Requests pages =
                Requests.cycling(
                        List.of(
                                RangeRequest.newBuilder()
                                        .setKey(ByteString.copyFromUtf8(PutRequests.PREFIX))
                                        .setRangeEnd(
                                                ByteString.copyFromUtf8(PutRequests.PREFIX_END))
                                        .setLimit(PAGE_KEYS)
                                        .build()
                                        .toByteArray()));
        var rate = new InTurns();
        var high = new InTurns();
        var cpu = new InTurns();
        for (int round = 0; round < plan.rounds(); round++) {
            for (StoreCluster cluster : pair.both()) {
                boolean original = cluster == pair.original();
                ProcessUse before = cluster.use();
                LoadResult read =
                        stage.load(
                                cluster,
                                EtcdMethods.RANGE.path(),
                                pages,
                                READ_IN_FLIGHT,
                                plan.requestLimit(),
                                plan.time(),
                                0);
                double used = cluster.use().cpuSeconds() - before.cpuSeconds();
                rate.add(original, read.perSecond());
                high.add(original, read.latencyMicros(99) / MICROS_A_MILLI);
                cpu.add(original, used * 1_000 / read.good());
            }
        }
        return List.of(
                rate.figure(label(), members, "limit 500 reads/s", new Goal.RatioAtLeast(1)),
                high.figure(label(), members, "limit 500 p99 ms", new Goal.None()),
                cpu.figure(label(), members, "limit 500 CPU s/1k", new Goal.None()));
    }

    private List<Figure> restart(Stage stage, StorePlan plan, Stage.Pair pair, int members)
            throws BenchException, IOException, InterruptedException {
        stage.tell("restarting");
        var seconds = new InTurns();
        var resident = new InTurns();
        for (int round = 0; round < plan.rounds(); round++) {
            for (StoreCluster cluster : pair.both()) {
                boolean original = cluster == pair.original();
                seconds.add(original, cluster.restart().toMillis() / 1_000.0);
                resident.add(original, cluster.use().residentBytes() / MEGABYTE);
            }
        }
        return List.of(
                seconds.figure(label(), members, "restart to read s", new Goal.RatioAtMost(0.3)),
                resident.figure(label(), members, "RSS MB, restarted", new Goal.RatioAtMost(1)));
    }

    private List<Figure> overwrite(Stage stage, StorePlan plan, Stage.Pair pair, int members)
            throws BenchException, IOException, InterruptedException {
        long keys = plan.sizes().keys();
        long puts = keys * plan.sizes().overwrites();
        var rate = new InTurns();
        var cpu = new InTurns();
        var wait = new InTurns();
        var resident = new InTurns();
        for (StoreCluster cluster : pair.both()) {
            boolean original = cluster == pair.original();
            stage.tell(cluster.kind().label() + ": overwriting, " + puts + " puts");
            ProcessUse before = cluster.use();
            try (var probe = Probe.start(cluster.leader())) {
                LoadResult done =
                        stage.put(cluster, PutRequests.shuffled(keys), puts, OVERWRITE_IN_FLIGHT);
                rate.add(original, done.perSecond());
                wait.add(original, probe.end());
            }
            ProcessUse after = cluster.use();
            cpu.add(original, (after.cpuSeconds() - before.cpuSeconds()) * 100_000 / puts);
            resident.add(original, after.peakBytes() / MEGABYTE);
        }
        return List.of(
                rate.figure(label(), members, "puts/s, overwriting", new Goal.None()),
                cpu.figure(label(), members, "CPU s/100k, overwriting", new Goal.None()),
                wait.figure(
                        label(),
                        members,
                        "longest wait ms, overwriting",
                        new Goal.AtMost(MOST_PAUSE_MILLIS)),
                resident.figure(label(), members, "RSS MB, most", new Goal.RatioAtMost(1)));
    }

    /** Theirs is defragmented, too; ours gives space back by itself. */
    private List<Figure> compact(Stage stage, Stage.Pair pair, int members)
            throws BenchException, IOException, InterruptedException {
        var wait = new InTurns();
        var database = new InTurns();
        var all = new InTurns();
        for (StoreCluster cluster : pair.both()) {
            boolean original = cluster == pair.original();
            stage.tell(cluster.kind().label() + ": compacting");
            try (var probe = Probe.start(cluster.leader())) {
                long revision = cluster.status().getHeader().getRevision();
                cluster.call(
                        EtcdMethods.COMPACT,
                        CompactionRequest.newBuilder()
                                .setRevision(revision)
                                .setPhysical(true)
                                .build());
                if (original) {
                    cluster.callEach(
                            EtcdMethods.DEFRAGMENT, DefragmentRequest.getDefaultInstance());
                }
                StatusResponse settled = settled(cluster);
                wait.add(original, probe.end());
                database.add(original, settled.getDbSize() / MEGABYTE);
            }
            all.add(original, cluster.diskBytes() / MEGABYTE);
        }
        return List.of(
                wait.figure(
                        label(),
                        members,
                        "longest wait ms, compacting",
                        new Goal.AtMost(MOST_PAUSE_MILLIS)),
                database.figure(
                        label(), members, "database MB, compacted", new Goal.RatioAtMost(1)),
                all.figure(label(), members, "disk MB with log", new Goal.RatioAtMost(1)));
    }

    private static StatusResponse settled(StoreCluster cluster)
            throws BenchException, IOException, InterruptedException {
        StatusResponse least = cluster.status();
        int quiet = 0;
        for (int second = 0; second < SETTLE_SECONDS && quiet < SETTLED_SECONDS; second++) {
            TimeUnit.SECONDS.sleep(1);
            StatusResponse now = cluster.status();
            quiet = now.getDbSize() < least.getDbSize() ? 0 : quiet + 1;
            least = now;
        }
        return least;
    }
}
