package io.skerry.etcd.server;

import io.skerry.base.http.HttpListener;
import io.skerry.etcd.server.store.RequestLimits;
import java.time.Duration;

/**
 * What clients may ask for.
 *
 * @param requests how large they may be
 * @param maxStreams calls at once on one connection
 * @param probeInterval how often a silent client is asked for a sign of life
 * @param progressInterval how often a quiet watch that asked for it is told the revision
 */
public record ClientLimits(
        RequestLimits requests, int maxStreams, Duration probeInterval, Duration progressInterval) {
    /** As etcd has it without flags, but that dead clients are found sooner. */
    public static final ClientLimits DEFAULT =
            new ClientLimits(
                    RequestLimits.DEFAULT,
                    HttpListener.Options.DEFAULT_MAX_STREAMS,
                    HttpListener.Options.DEFAULT_PROBE_INTERVAL,
                    Duration.ofMinutes(10));

    public ClientLimits {
        if (maxStreams < 1) {
            throw new IllegalArgumentException("--max-concurrent-streams must be at least 1");
        }
        if (probeInterval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("--grpc-keepalive-interval must be at least 1s");
        }
        if (progressInterval.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException(
                    "--experimental-watch-progress-notify-interval must be at least 100ms");
        }
    }
}
