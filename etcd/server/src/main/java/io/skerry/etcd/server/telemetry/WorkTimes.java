package io.skerry.etcd.server.telemetry;

import io.prometheus.metrics.core.metrics.Histogram;
import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.server.store.WorkListener;
import java.util.EnumMap;
import java.util.Map;

/** How long the store's larger work took, under etcd's names and in its buckets. */
public final class WorkTimes implements WorkListener {
    private static final double NANOS = 1e9;

    private final Map<Work, Histogram> times = new EnumMap<>(Work.class);

    public WorkTimes(Metrics metrics) {
        add(metrics, Work.COMMIT, "etcd_disk_backend_commit_", "Writing to the file.", .001, 14);
        add(
                metrics,
                Work.DEFRAGMENTATION,
                "etcd_disk_backend_defrag_",
                "Giving space back to the disk, beside reads and writes.",
                .1,
                13);
        add(
                metrics,
                Work.SNAPSHOT,
                "etcd_disk_backend_snapshot_",
                "Sending everything to a client or member.",
                .01,
                17);
        add(metrics, Work.HASH, "etcd_mvcc_hash_", "Hashing the newest content.", .01, 15);
        add(
                metrics,
                Work.HASH_AT_REVISION,
                "etcd_mvcc_hash_rev_",
                "Hashing the content at a revision.",
                .01,
                15);
    }

    private void add(
            Metrics metrics, Work work, String prefix, String help, double first, int buckets) {
        times.put(
                work,
                metrics.histogram(
                        prefix + "duration_seconds", help, Metrics.doubling(first, buckets)));
    }

    @Override
    public void did(Work work, long nanos) {
        Histogram histogram = times.get(work);
        if (histogram != null) {
            histogram.observe(nanos / NANOS);
        }
    }
}
