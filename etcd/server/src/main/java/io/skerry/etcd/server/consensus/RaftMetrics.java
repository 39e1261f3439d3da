package io.skerry.etcd.server.consensus;

import io.prometheus.metrics.core.metrics.Histogram;
import io.skerry.base.metrics.Metrics;

/** The consensus' metrics under etcd's names. */
final class RaftMetrics {
    private static final double FIRST_BUCKET_SECONDS = 0.001;
    private static final int BUCKETS = 14;
    private static final double NANOS = 1e9;

    private final Histogram sync;

    RaftMetrics(Metrics metrics, RaftLog log, GroupCommit commit) {
        sync =
                metrics.histogram(
                        "etcd_disk_wal_fsync_duration_seconds",
                        "Latency of making log entries durable.",
                        Metrics.doubling(FIRST_BUCKET_SECONDS, BUCKETS));
        metrics.gauge(
                "etcd_server_has_leader",
                "Whether a leader is known: 1 or 0.",
                () -> log.status().leaderId() != 0 ? 1 : 0);
        metrics.gauge(
                "etcd_server_is_leader",
                "Whether this member leads: 1 or 0.",
                () -> log.status().leader() ? 1 : 0);
        metrics.gauge(
                "etcd_server_is_learner",
                "Whether this member has no vote: 1 or 0.",
                () -> log.status().learner() ? 1 : 0);
        metrics.counter(
                "etcd_server_read_indexes_failed_total",
                "Reads that were not confirmed by a majority in time.",
                log::readsFailed);
        metrics.counter(
                "etcd_server_slow_read_indexes_total",
                "Rounds of confirmation that had to be tried again.",
                log::readsSlow);
        metrics.counter(
                "etcd_server_leader_changes_seen_total",
                "Leaders seen since the start.",
                log::leadersSeen);
        metrics.gauge(
                "etcd_server_proposals_committed_total",
                "Index of the newest committed log entry.",
                () -> log.status().committedIndex());
        metrics.gauge(
                "etcd_server_proposals_applied_total",
                "Index of the newest applied log entry.",
                () -> log.status().appliedIndex());
        metrics.gauge("etcd_server_proposals_pending", "Commands that wait.", commit::pending);
        metrics.counter(
                "etcd_server_proposals_failed_total",
                "Commands that were not agreed on.",
                commit.failed::sum);
    }

    void synced(long nanos) {
        sync.observe(nanos / NANOS);
    }
}
