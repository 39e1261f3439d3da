package io.skerry.etcd.server;

import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.server.api.v3.EtcdApi;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.KeyRange;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.store.ApplyListener;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/** The store's metrics under etcd's names. Counting costs an addition; the rest is asked for. */
final class StoreMetrics implements ApplyListener {
    private final LongAdder puts = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder leasesGranted = new LongAdder();
    private final LongAdder leasesRevoked = new LongAdder();

    private StoreMetrics() {}

    static void register(Metrics metrics, EtcdStateMachine store) {
        var counts = new StoreMetrics();
        store.listen(counts);
        sizes(metrics, store);
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

    private static void sizes(Metrics metrics, EtcdStateMachine store) {
        metrics.gauge(
                "etcd_mvcc_db_total_size_in_bytes", "Size of the store's file.", store::fileBytes);
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
        metrics.counter(
                "etcd_server_health_success_total",
                "How often /health said yes.",
                health.successes::sum);
        metrics.counter(
                "etcd_server_health_failures_total",
                "How often /health said no.",
                health.failures::sum);
    }

    @Override
    public void applied(List<Change> changes, long revision) {
        int deleted = 0;
        for (Change change : changes) {
            deleted += change.now() == null ? 1 : 0;
        }
        deletes.add(deleted);
        puts.add(changes.size() - deleted);
    }

    @Override
    public void replaced(long revision) {}

    @Override
    public void leaseGranted(Lease lease) {
        leasesGranted.increment();
    }

    @Override
    public void leaseRevoked(long id) {
        leasesRevoked.increment();
    }

    @Override
    public void leadership(long term, boolean leader) {}
}
