package io.skerry.flannel.daemon;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.skerry.base.metrics.Metrics;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What a host's part in the overlay counts. Thread-safe. */
final class FlannelMetrics {
    private final Gauge ready;
    private final Gauge peers;
    private final Gauge unusable;
    private final Gauge narrowPaths;
    private final Gauge unansweredPaths;
    private final Counter looks;
    private final Counter changes;
    private final Counter refusals;
    private final Counter faults;

    /** Registers the metrics; once for each process. */
    FlannelMetrics(Metrics metrics) {
        ready = metrics.gauge("flannel_ready", "1 while the host holds its subnet and serves it.");
        peers = metrics.gauge("flannel_peers", "Other hosts of the network.");
        unusable = metrics.gauge("flannel_unusable_peers", "Hosts that the backend cannot reach.");
        narrowPaths =
                metrics.gauge(
                        "flannel_paths_narrow",
                        "Paths to other hosts that carry less than is sent.");
        unansweredPaths =
                metrics.gauge(
                        "flannel_paths_unanswered", "Hosts that do not answer to echo requests.");
        looks = metrics.counter("flannel_looks_total", "Comparisons with the kernel's state.");
        changes =
                metrics.counter(
                        "flannel_kernel_changes_total",
                        "Changes of the kernel's state, by kind.",
                        "kind");
        refusals = metrics.counter("flannel_kernel_refusals_total", "Changes it refused.");
        faults =
                metrics.counter(
                        "flannel_faults_total",
                        "Faults of this program after which a part began anew.",
                        "part");
    }

    /** Those of the carrier, which comes and goes. */
    static void ofCarrier(Metrics metrics, Supplier<@Nullable PacketCarrier> carrier) {
        metrics.counter(
                "flannel_udp_packets_sent_total",
                "Packets that the udp backend sent.",
                () -> count(carrier.get(), PacketCarrier.Counts::sent));
        metrics.counter(
                "flannel_udp_packets_received_total",
                "Packets that came to the udp backend.",
                () -> count(carrier.get(), PacketCarrier.Counts::received));
        metrics.counter(
                "flannel_udp_packets_dropped_total",
                "Packets that the udp backend could not carry.",
                () -> count(carrier.get(), PacketCarrier.Counts::dropped));
    }

    private static double count(
            @Nullable PacketCarrier carrier, ToLongFunction<PacketCarrier.Counts> of) {
        return carrier == null ? 0 : of.applyAsLong(carrier.counts());
    }

    void ready(boolean isReady) {
        ready.set(isReady ? 1 : 0);
    }

    void peers(int reachable, int not) {
        peers.set(reachable);
        unusable.set(not);
    }

    void paths(int narrow, int unanswered) {
        narrowPaths.set(narrow);
        unansweredPaths.set(unanswered);
    }

    void looked() {
        looks.inc();
    }

    void changed(String kind) {
        changes.labelValues(kind).inc();
    }

    void refused(int count) {
        refusals.inc(count);
    }

    /** A part of the program fails in a way that nobody expected. */
    void fault(String part) {
        faults.labelValues(part).inc();
    }
}
