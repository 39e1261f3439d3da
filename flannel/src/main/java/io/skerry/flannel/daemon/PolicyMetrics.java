package io.skerry.flannel.daemon;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.skerry.base.metrics.Metrics;
import io.skerry.flannel.filter.Counts;

/** What the enforcement of policies counts. Thread-safe. */
final class PolicyMetrics {
    private final Gauge policies;
    private final Gauge faulty;
    private final Gauge elements;
    private final Counter replacements;
    private final Counter failures;
    private volatile Counts counts = Counts.NONE;

    /** Registers the metrics; once for each process. */
    PolicyMetrics(Metrics metrics) {
        policies = metrics.gauge("flannel_policies", "Network policies in force on this host.");
        faulty = metrics.gauge("flannel_policies_faulty", "Policies that cannot be read.");
        elements =
                metrics.gauge(
                        "flannel_policy_elements", "Elements of the verdict maps in the kernel.");
        replacements =
                metrics.counter(
                        "flannel_policy_replacements_total",
                        "Times the table of policies was put into the kernel.");
        failures =
                metrics.counter(
                        "flannel_policy_failures_total", "Times that this did not succeed.");
        metrics.counter(
                "flannel_policy_packets_denied_total",
                "Packets dropped that would have begun a flow.",
                () -> counts.denied());
        metrics.counter(
                "flannel_policy_packets_stopped_total",
                "Packets dropped of flows that ran.",
                () -> counts.stopped());
    }

    void inForce(int good, int bad, int elementsOfMaps) {
        policies.set(good);
        faulty.set(bad);
        elements.set(elementsOfMaps);
    }

    void replaced() {
        replacements.inc();
    }

    void failed() {
        failures.inc();
    }

    void counted(Counts now) {
        counts = now;
    }
}
