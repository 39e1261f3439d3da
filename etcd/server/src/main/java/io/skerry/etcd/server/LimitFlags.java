package io.skerry.etcd.server;

import io.skerry.base.http.BrowserRules;
import io.skerry.base.http.HttpListener;
import io.skerry.etcd.server.store.RequestLimits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that bound what clients may ask for. */
final class LimitFlags {
    private static final Set<String> SCHEMES = Set.of("http", "https");

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

    @Option(
            names = {"--cors", "-cors"},
            split = ",",
            defaultValue = "*",
            paramLabel = "ORIGIN",
            description = {
                "Whose pages may ask over HTTP from within browsers, like http://a.example:8080;",
                "* for all (default: ${DEFAULT-VALUE})."
            })
    private List<String> origins = List.of(BrowserRules.ANY);

    @Option(
            names = {"--host-whitelist", "-host-whitelist"},
            split = ",",
            defaultValue = "*",
            paramLabel = "HOST",
            description = {
                "Names of hosts by which HTTP in clear text may be asked; * for all",
                "(default: ${DEFAULT-VALUE})."
            })
    private List<String> hosts = List.of(BrowserRules.ANY);

    @Option(
            names = {"--enable-v2", "-enable-v2"},
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "Serve the v2 API (default: ${DEFAULT-VALUE}).")
    private boolean v2 = true;

    @Option(
            names = {"--enable-grpc-gateway", "-enable-grpc-gateway"},
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "Serve the v3 API as JSON, too (default: ${DEFAULT-VALUE}).")
    private boolean gateway = true;

    /** For picocli. */
    LimitFlags() {}

    ClientLimits limits() {
        return new ClientLimits(
                RequestLimits.of(maxRequestBytes, maxTxnOps),
                (int) Math.min(Integer.MAX_VALUE, maxConcurrentStreams),
                keepaliveInterval,
                progressInterval,
                new BrowserRules(
                        origins.stream().map(LimitFlags::origin).collect(Collectors.toSet()),
                        hosts.stream().map(LimitFlags::orAny).collect(Collectors.toSet())),
                v2,
                gateway);
    }

    /** Nothing stands for all, as with etcd. */
    private static String orAny(String text) {
        return text.isEmpty() ? BrowserRules.ANY : text;
    }

    private static String origin(String text) {
        if (orAny(text).equals(BrowserRules.ANY)) {
            return BrowserRules.ANY;
        }
        try {
            URI url = URI.create(text);
            String scheme = url.getScheme();
            if (scheme != null && SCHEMES.contains(scheme) && url.getHost() != null) {
                return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
            }
        } catch (IllegalArgumentException e) {
            throw notAnOrigin(text, e);
        }
        throw notAnOrigin(text, null);
    }

    private static IllegalArgumentException notAnOrigin(
            String text, @Nullable IllegalArgumentException cause) {
        return new IllegalArgumentException(
                "--cors: \"" + text + "\" is neither * nor a URL like http://a.example:8080",
                cause);
    }
}
