package io.skerry.fleet.engine;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.skerry.base.metrics.Metrics;
import java.util.Locale;

/** What an engine counts. Thread-safe. */
public final class EngineMetrics {
    private final Gauge leader;
    private final Counter decisions;
    private final Counter refusals;

    /** Registers the engine's metrics; once for each process. */
    public EngineMetrics(Metrics metrics) {
        leader = metrics.gauge("fleet_engine_leader", "1 while this host's engine decides.");
        decisions =
                metrics.counter(
                        "fleet_engine_decisions_total", "Decisions stored, by kind.", "kind");
        refusals =
                metrics.counter(
                        "fleet_engine_refused_total",
                        "Transactions of decisions that the store did not carry out.");
    }

    void leads(boolean leads) {
        leader.set(leads ? 1 : 0);
    }

    void decided(Decision decision) {
        decisions.labelValues(decision.getClass().getSimpleName().toLowerCase(Locale.ROOT)).inc();
    }

    void refused() {
        refusals.inc();
    }
}
