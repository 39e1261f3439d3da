package io.skerry.etcd.server;

import io.skerry.base.http.HttpListener;
import io.skerry.etcd.server.store.RequestLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Flags that bound what clients may ask for. */
final class LimitFlags {
    @Option(
            names = {"--max-request-bytes", "-max-request-bytes"},
            defaultValue = "1572864",
            paramLabel = "BYTES",
            description = "Largest write that is taken (default: ${DEFAULT-VALUE}).")
    private long maxRequestBytes = RequestLimits.DEFAULT.maxRequestBytes();

    @Option(
            names = {"--max-txn-ops", "-max-txn-ops"},
            defaultValue = "128",
            paramLabel = "N",
            description = "Operations that a transaction may have (default: ${DEFAULT-VALUE}).")
    private int maxTxnOps = RequestLimits.DEFAULT.maxTxnOperations();

    @Option(
            names = {"--max-concurrent-streams", "-max-concurrent-streams"},
            defaultValue = "100000",
            paramLabel = "N",
            description =
                    "Calls at once on one client's connection; more wait at the client (default:"
                            + " ${DEFAULT-VALUE}).")
    private long maxConcurrentStreams = HttpListener.Options.DEFAULT_MAX_STREAMS;

    @Option(
            names = {"--grpc-keepalive-interval", "-grpc-keepalive-interval"},
            converter = GoDurations.class,
            defaultValue = "10s",
            paramLabel = "TIME",
            description =
                    "How often a silent client is asked for a sign of life; it is cut off when the"
                            + " next is due (default: ${DEFAULT-VALUE}).")
    private Duration keepaliveInterval = HttpListener.Options.DEFAULT_PROBE_INTERVAL;

    @Option(
            names = {
                "--experimental-watch-progress-notify-interval",
                "-experimental-watch-progress-notify-interval",
                "--watch-progress-notify-interval",
                "-watch-progress-notify-interval"
            },
            converter = GoDurations.class,
            defaultValue = "10m",
            paramLabel = "TIME",
            description =
                    "How often a quiet watch that asked for it is told the revision (default:"
                            + " ${DEFAULT-VALUE}).")
    private Duration progressInterval = ClientLimits.DEFAULT.progressInterval();

    /** For picocli. */
    LimitFlags() {}

    ClientLimits limits() {
        return new ClientLimits(
                RequestLimits.of(maxRequestBytes, maxTxnOps),
                (int) Math.min(Integer.MAX_VALUE, maxConcurrentStreams),
                keepaliveInterval,
                progressInterval);
    }
}
