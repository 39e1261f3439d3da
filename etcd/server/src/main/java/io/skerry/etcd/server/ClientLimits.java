package io.skerry.etcd.server;

import io.skerry.base.http.BrowserRules;
import io.skerry.base.http.HttpListener;
import io.skerry.etcd.server.store.RequestLimits;
import java.time.Duration;
import java.util.Set;

/**
 * What clients may ask for.
 *
 * @param requests how large they may be
 * @param maxStreams calls at once on one connection
 * @param probeInterval how often a silent client is asked for a sign of life
 * @param progressInterval how often a quiet watch that asked for it is told the revision
 * @param browsers pages and names of hosts by which HTTP is served
 * @param v2 whether the v2 API is served
 * @param gateway whether the v3 API is served as JSON, too
 */
public record ClientLimits(
        RequestLimits requests,
        int maxStreams,
        Duration probeInterval,
        Duration progressInterval,
        BrowserRules browsers,
        boolean v2,
        boolean gateway) {
    /** As etcd has it without flags, but that dead clients are found sooner. */
    public static final ClientLimits DEFAULT =
            new ClientLimits(
                    RequestLimits.DEFAULT,
                    HttpListener.Options.DEFAULT_MAX_STREAMS,
                    HttpListener.Options.DEFAULT_PROBE_INTERVAL,
                    Duration.ofMinutes(10),
                    new BrowserRules(Set.of(BrowserRules.ANY), Set.of(BrowserRules.ANY)),
                    true,
                    true);

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
