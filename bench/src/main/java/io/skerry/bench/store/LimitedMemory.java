package io.skerry.bench.store;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.RangeRequest;
import io.skerry.bench.load.LoadResult;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Ours alone: very many keys with a gigabyte for each member, and a restart with them. */
final class LimitedMemory implements Scenario {
    private static final int TIMES_AS_MANY = 10;
    private static final long LIMIT_BYTES = 1L << 30;
    private static final int IN_FLIGHT = 1_000;
    private static final double MEGABYTE = 1 << 20;
    private static final int MOST_SECONDS = 5;

    @Override
    public String label() {
        return "limited-memory";
    }

    @Override
    public List<Figure> run(Stage stage, StorePlan plan, int members)
            throws BenchException, IOException, InterruptedException {
        long keys = plan.sizes().keys() * TIMES_AS_MANY;
        double limit = LIMIT_BYTES / MEGABYTE * members;
        // The group ends after its processes.
        try (var group = MemoryLimit.of(LIMIT_BYTES * members)) {
            StoreCluster cluster = stage.startOurs(members, ManyKeys.ROOM, group);
            stage.tell(
                    "putting "
                            + keys
                            + " keys, "
                            + (group.holds()
                                    ? "the kernel holds the members to a gigabyte each"
                                    : "no control group can be made: memory is only measured"));
            LoadResult puts = stage.put(cluster, PutRequests.inOrder(keys), keys, IN_FLIGHT);
            var figures = new ArrayList<Figure>();
            figures.add(figure(members, "puts/s", puts.perSecond(), new Goal.None()));
            figures.add(
                    figure(
                            members,
                            "RSS MB, most while loading",
                            cluster.use().peakBytes() / MEGABYTE,
                            new Goal.AtMost(limit)));
            stage.tell("restarting");
            double seconds = cluster.restart().toMillis() / 1_000.0;
            figures.add(
                    figure(members, "restart to read s", seconds, new Goal.AtMost(MOST_SECONDS)));
            long counted =
                    cluster.call(
                                    EtcdMethods.RANGE,
                                    RangeRequest.newBuilder()
                                            .setKey(ByteString.copyFromUtf8(PutRequests.PREFIX))
                                            .setRangeEnd(
                                                    ByteString.copyFromUtf8(PutRequests.PREFIX_END))
                                            .setCountOnly(true)
                                            .build())
                            .getCount();
            if (counted != keys) {
                throw new BenchException("of " + keys + " keys " + counted + " are there");
            }
            figures.add(
                    figure(
                            members,
                            "disk MB with log",
                            cluster.diskBytes() / MEGABYTE,
                            new Goal.None()));
            stage.clear();
            return figures;
        }
    }

    private Figure figure(int members, String name, double value, Goal goal) {
        return new Figure(label(), members, name, Double.NaN, value, goal);
    }
}
