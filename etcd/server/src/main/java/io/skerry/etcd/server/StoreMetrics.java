package io.skerry.etcd.server;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.server.api.v3.EtcdApi;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.store.ApplyListener;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.StoreCounts;
import io.skerry.etcd.server.telemetry.SlowRequests;
import io.skerry.etcd.server.telemetry.WorkTimes;
import io.skerry.etcd.server.watch.WatchHub;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/** The store's metrics under etcd's names. Counting costs an addition; the rest is asked for. */
final class StoreMetrics implements ApplyListener {
    private final LongAdder puts = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder leasesGranted = new LongAdder();
    private final LongAdder leasesRevoked = new LongAdder();
    private final LongAdder putBytes = new LongAdder();
    private final DistributionDataPoint leaseTtls;

    private StoreMetrics(Metrics metrics) {
        this.leaseTtls =
                metrics.histogram(
                                "etcd_debugging_lease_ttl_total",
                                "Times to live of leases in seconds.",
                                Metrics.doubling(1, 24))
                        .labelValues();
    }

    static void register(Metrics metrics, EtcdStateMachine store) {
        var counts = new StoreMetrics(metrics);
        store.listen(counts);
        store.onWork(new WorkTimes(metrics));
        sizes(metrics, store);
        work(metrics, store);
        metrics.gauge(
                "etcd_debugging_mvcc_total_put_size_in_bytes",
                "Bytes of all keys and values put.",
                counts.putBytes::sum);
        for (String prefix : List.of("etcd_mvcc_", "etcd_debugging_mvcc_")) {
            metrics.counter(prefix + "put_total", "Keys put.", counts.puts::sum);
            metrics.counter(prefix + "delete_total", "Keys deleted.", counts.deletes::sum);
        }
        metrics.counter(
                "etcd_debugging_lease_granted_total", "Leases granted.", counts.leasesGranted::sum);
        metrics.counter(
                "etcd_debugging_lease_revoked_total",
                "Leases revoked or expired.",
                counts.leasesRevoked::sum);
    }

    private static void work(Metrics metrics, EtcdStateMachine store) {
        StoreCounts counts = store.counts();
        for (String prefix : List.of("etcd_mvcc_", "etcd_debugging_mvcc_")) {
            metrics.counter(
                    prefix + "range_total", "Ranges read outside transactions.", counts::ranges);
            metrics.counter(prefix + "txn_total", "Transactions carried out.", counts::txns);
        }
        metrics.gauge(
                "etcd_disk_defrag_inflight",
                "How many defragmentations go on.",
                counts::defragmenting);
        metrics.gauge(
                "etcd_server_snapshot_apply_in_progress_total",
                "Whether the state is being replaced by another member's: 1 or 0.",
                counts::replacing);
        metrics.gauge(
                "etcd_debugging_auth_revision",
                "Revision of users and roles.",
                () -> store.auth().revision());
        metrics.info(
                "etcd_cluster_version",
                "The version that all members understand.",
                "cluster_version",
                () -> "3." + store.members().version());
    }

    /** What clients wait for. */
    static void api(Metrics metrics, EtcdApi api, SlowRequests slow) {
        metrics.counter(
                "etcd_debugging_lease_renewed_total",
                "Leases renewed by this member as the leader.",
                api::leasesRenewed);
        metrics.counter(
                "etcd_server_slow_apply_total",
                "What took the store longer than it should.",
                slow::slowApplies);
        WatchHub watches = api.watches();
        metrics.gauge(
                "etcd_debugging_mvcc_watch_stream_total",
                "Streams of watches.",
                () -> watches.counts().streams());
        metrics.gauge(
                "etcd_debugging_mvcc_watcher_total", "Watches.", () -> watches.counts().watchers());
        metrics.gauge(
                "etcd_debugging_mvcc_slow_watcher_total",
                "Watches that do not have the newest changes.",
                () -> watches.counts().late());
        metrics.gauge(
                "etcd_debugging_mvcc_pending_events_total",
                "Changes that were not yet looked at for watches.",
                () -> watches.counts().pendingChanges());
        metrics.counter(
                "etcd_debugging_mvcc_events_total",
                "Events sent to watches.",
                () -> watches.counts().eventsSent());
    }

    private static void sizes(Metrics metrics, EtcdStateMachine store) {
        for (String prefix : List.of("etcd_mvcc_", "etcd_debugging_mvcc_")) {
            metrics.gauge(
                    prefix + "db_total_size_in_bytes",
                    "Size of the store's file.",
                    store::fileBytes);
        }
        metrics.gauge(
                "etcd_mvcc_db_total_size_in_use_in_bytes",
                "Part of the store's file that holds data.",
                store::fileBytesInUse);
        metrics.gauge(
                "etcd_debugging_mvcc_current_revision",
                "Revision of the newest applied write.",
                store::revision);
        metrics.gauge(
                "etcd_debugging_mvcc_compact_revision",
                "Newest revision that was compacted.",
                () -> read(store, ReadView::compactRevision));
        metrics.gauge(
                "etcd_debugging_mvcc_keys_total",
                "Living keys.",
                () -> read(store, view -> view.count(KeyRange.all())));
    }

    private static long read(EtcdStateMachine store, ToLongFunction<ReadView> question) {
        var view = store.view();
        try {
            return question.applyAsLong(view);
        } finally {
            view.release();
        }
    }

    /** What the server itself is. */
    static void server(Metrics metrics, EtcdConfig config, long memberId, HealthRoutes health) {
        metrics.gauge(
                "etcd_server_quota_backend_bytes",
                "What the store may hold; 0 if there is no quota.",
                () -> config.storage().quotaBytes());
        metrics.gauge("etcd_server_id", "The member's id.", "server_id")
                .labelValues(Long.toHexString(memberId))
                .set(1);
        metrics.gauge("etcd_server_version", "The version of the API.", "server_version")
                .labelValues(EtcdApi.VERSION)
                .set(1);
        // etcd's are counters without the ending that a counter has.
        metrics.gauge(
                "etcd_server_health_success", "How often /health said yes.", health.successes::sum);
        metrics.gauge(
                "etcd_server_health_failures", "How often /health said no.", health.failures::sum);
    }

    @Override
    public void applied(List<Change> changes, long revision) {
        int deleted = 0;
        long bytes = 0;
        for (Change change : changes) {
            var now = change.now();
            if (now == null) {
                deleted++;
            } else {
                bytes += now.key().length + now.valueBytes();
            }
        }
        putBytes.add(bytes);
        deletes.add(deleted);
        puts.add(changes.size() - deleted);
    }

    @Override
    public void replaced(long revision) {}

    @Override
    public void leaseGranted(Lease lease) {
        leasesGranted.increment();
        leaseTtls.observe((double) lease.ttlSeconds());
    }

    @Override
    public void leaseRevoked(long id) {
        leasesRevoked.increment();
    }

    @Override
    public void leadership(long term, boolean leader) {}
}
