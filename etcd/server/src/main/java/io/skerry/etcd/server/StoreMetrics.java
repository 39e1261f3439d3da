package io.skerry.etcd.server;

import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.server.store.EtcdStateMachine;

/** The store's metrics under etcd's names. */
final class StoreMetrics {
    private StoreMetrics() {}

    static void register(Metrics metrics, EtcdStateMachine store) {
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
    }
}
