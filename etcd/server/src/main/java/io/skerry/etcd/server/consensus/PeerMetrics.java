package io.skerry.etcd.server.consensus;

import com.google.protobuf.ByteString;
import io.prometheus.metrics.core.metrics.Histogram;
import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.server.consensus.peer.Lane;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What goes between members, under etcd's names, and how long it is under way. */
final class PeerMetrics {
    private static final int ECHO = 38;
    private static final int ECHO_ANSWER = 39;
    private static final long PROBE_SECONDS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(PROBE_SECONDS);
    private static final double FIRST_BUCKET_SECONDS = 0.0001;
    private static final int BUCKETS = 16;
    private static final double NANOS = 1e9;

    private final PeerNetwork network;
    private final Histogram roundTrips;

    PeerMetrics(Metrics metrics, PeerNetwork network) {
        this.network = network;
        metrics.counters(
                "etcd_network_peer_sent_bytes_total",
                "Bytes sent to a peer.",
                "To",
                network.volume()::sent);
        metrics.counters(
                "etcd_network_peer_received_bytes_total",
                "Bytes received from a peer.",
                "From",
                network.volume()::received);
        this.roundTrips =
                metrics.histogram(
                        "etcd_network_peer_round_trip_time_seconds",
                        "How long a peer takes to answer to nothing.",
                        Metrics.doubling(FIRST_BUCKET_SECONDS, BUCKETS),
                        "To");
        network.handle(ECHO, request -> request.reply(ECHO_ANSWER, ByteString.EMPTY));
    }

    /** Begins to measure. */
    void probe(ScheduledExecutorService timer) {
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> network.peers().forEach(this::probe),
                        PROBE_SECONDS,
                        PROBE_SECONDS,
                        TimeUnit.SECONDS);
    }

    private void probe(long peer) {
        if (!network.connected(peer, Lane.CONSENSUS)) {
            return;
        }
        long since = System.nanoTime();
        var _ =
                network.request(peer, Lane.CONSENSUS, ECHO, ByteString.EMPTY, TIMEOUT)
                        .thenAccept(_ ->
                                roundTrips
                                        .labelValues(Long.toHexString(peer))
                                        .observe((System.nanoTime() - since) / NANOS));
    }
}
