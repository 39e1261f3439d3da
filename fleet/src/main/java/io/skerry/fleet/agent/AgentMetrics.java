package io.skerry.fleet.agent;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.skerry.base.metrics.Metrics;

/** What an agent counts. Thread-safe. */
public final class AgentMetrics {
    private final Gauge units;
    private final Gauge fenced;
    private final Counter actions;
    private final Counter failures;

    /** Registers the agent's metrics; once for each process. */
    public AgentMetrics(Metrics metrics) {
        units = metrics.gauge("fleet_agent_units", "Units of the cluster on this host.");
        fenced =
                metrics.gauge(
                        "fleet_agent_fenced",
                        "1 while this host is cut off and has stopped what may run elsewhere.");
        actions = metrics.counter("fleet_agent_actions_total", "Actions begun, by kind.", "kind");
        failures =
                metrics.counter(
                        "fleet_agent_failures_total", "Actions that failed and are tried again.");
    }

    void units(int count) {
        units.set(count);
    }

    void fenced(boolean isFenced) {
        fenced.set(isFenced ? 1 : 0);
    }

    void acts(String kind) {
        actions.labelValues(kind).inc();
    }

    void failed() {
        failures.inc();
    }
}
