package io.skerry.fleet.engine;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.skerry.base.metrics.Metrics;
import java.time.InstantSource;
import java.util.Locale;

/** What an engine counts, under the original's names where it has one. Thread-safe. */
public final class EngineMetrics {
    private final InstantSource wallClock;
    private final Gauge leader;
    private final Gauge leaderSince;
    private final Counter rounds;
    private final Counter failedRounds;
    private final Counter tasks;
    private final Counter failedTasks;

    /** Registers the engine's metrics; once for each process. */
    public EngineMetrics(Metrics metrics, InstantSource wallClock) {
        this.wallClock = wallClock;
        leader = metrics.gauge("fleet_engine_leader", "1 while this host's engine decides.");
        leaderSince =
                metrics.gauge(
                        "fleet_engine_leader_start_time",
                        "Since when this host's engine decides, in seconds of Unix time; else 0.");
        rounds =
                metrics.counter(
                        "fleet_engine_reconcile_count_total",
                        "How often this host's engine has looked for what to decide.");
        failedRounds =
                metrics.counter(
                        "fleet_engine_reconcile_failure_count_total",
                        "Transactions of decisions that the store did not carry out.",
                        "type");
        tasks =
                metrics.counter(
                        "fleet_engine_task_count_total", "Decisions stored, by kind.", "type");
        failedTasks =
                metrics.counter(
                        "fleet_engine_task_failure_count_total",
                        "Decisions that the store did not carry out, by kind.",
                        "type");
    }

    void leads(boolean leads) {
        if (!leads) {
            leaderSince.set(0);
        } else if (leader.get() == 0) {
            leaderSince.set((double) wallClock.instant().getEpochSecond());
        }
        leader.set(leads ? 1 : 0);
    }

    void reconciled() {
        rounds.inc();
    }

    void decided(Decision decision) {
        tasks.labelValues(type(decision)).inc();
    }

    void refused(Proposal proposal) {
        failedRounds.labelValues("schedule").inc();
        proposal.decisions().forEach(decision -> failedTasks.labelValues(type(decision)).inc());
    }

    private static String type(Decision decision) {
        return decision.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
