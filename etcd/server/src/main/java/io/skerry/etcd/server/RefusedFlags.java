package io.skerry.etcd.server;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Flags of etcd 3.5 that have nothing to set here. A value that says what happens anyway, which is
 * mostly etcd's own default, is let pass, so that files and units made for etcd can be used; any
 * other is refused with the reason.
 */
final class RefusedFlags {
    private static final String NO_BBOLT =
            "the store is no bbolt file, and this has no counterpart";
    private static final String NO_PROXY = "there is no proxy mode";
    private static final String NO_TRACING = "there is no tracing";
    private static final String NO_FILES =
            "no files are kept that it could bound: the log is given up after --snapshot-count"
                    + " commands, and there are no snapshot files";

    /**
     * A flag that is known.
     *
     * @param allowed values that say what is so anyway
     * @param reason why there is nothing else
     */
    record Flag(String name, Set<String> allowed, String reason) {
        Flag {
            allowed = Set.copyOf(allowed);
        }

        /** Why a value is refused; null lets it pass. */
        @Nullable String refusal(String value) {
            if (value.isEmpty() || allowed.contains(value)) {
                return null;
            }
            return "--"
                    + name
                    + ": \""
                    + value
                    + "\" is not supported: "
                    + reason
                    + (allowed.isEmpty() ? "" : " (allowed: " + words() + ")");
        }

        /** What is let pass. */
        String words() {
            return allowed.isEmpty() ? "nothing" : String.join(", ", new TreeSet<>(allowed));
        }
    }

    /** All of them by name. */
    static final Map<String, Flag> ALL = all();

    private static Map<String, Flag> all() {
        var all = new TreeMap<String, Flag>();
        add(all, "wal-dir", Set.of(), "the log lies in the data directory, in the folder raft");
        add(all, "max-snapshots", Set.of("5"), NO_FILES);
        add(all, "max-wals", Set.of("5"), NO_FILES);
        add(all, "backend-batch-interval", Set.of("0"), "when commits come is not settable");
        add(all, "backend-batch-limit", Set.of("0"), "when commits come is not settable");
        add(all, "grpc-keepalive-min-time", Set.of("5s"), "clients may ping as often as they like");
        add(
                all,
                "grpc-keepalive-timeout",
                Set.of("20s"),
                "a client that was asked is cut off when the next --grpc-keepalive-interval ends");
        add(all, "discovery-fallback", Set.of("exit", "proxy"), NO_PROXY);
        add(all, "discovery-proxy", Set.of(), "discovery goes to its URL without a proxy");
        for (String part :
                List.of(
                        "dial-timeout",
                        "request-timeout",
                        "keepalive-time",
                        "keepalive-timeout",
                        "insecure-transport",
                        "insecure-skip-tls-verify",
                        "cert",
                        "key",
                        "cacert",
                        "user",
                        "password")) {
            add(
                    all,
                    "discovery-" + part,
                    switch (part) {
                        case "dial-timeout" -> Set.of("2s");
                        case "request-timeout" -> Set.of("5s");
                        case "keepalive-time" -> Set.of("2s");
                        case "keepalive-timeout" -> Set.of("6s");
                        case "insecure-transport" -> Set.of("true");
                        case "insecure-skip-tls-verify" -> Set.of("false");
                        default -> Set.of();
                    },
                    "--discovery-endpoints are asked in clear text, for no user, with fixed times");
        }
        add(all, "v2-deprecation", Set.of("not-yet"), "the v2 API stays");
        add(all, "experimental-enable-v2v3", Set.of(), "the v2 API always lies over the v3 store");
        add(
                all,
                "client-cert-file",
                Set.of(),
                "the gateway needs no certificate to reach its member");
        add(
                all,
                "client-key-file",
                Set.of(),
                "the gateway needs no certificate to reach its member");
        for (String half : List.of("peer-client-cert-file", "peer-client-key-file")) {
            add(all, half, Set.of(), "--peer-cert-file and --peer-key-file serve both directions");
        }
        add(
                all,
                "experimental-peer-skip-client-san-verification",
                Set.of("false"),
                "what is checked of peers' certificates is set by --peer-cert-allowed-hostname");
        add(
                all,
                "enable-pprof",
                Set.of("false"),
                "there is no Go runtime to profile; jcmd PID Thread.print and jcmd PID JFR.start"
                        + " tell what a member does");
        add(all, "listen-client-http-urls", Set.of(), "HTTP and gRPC share --listen-client-urls");
        add(
                all,
                "logger",
                Set.of("zap"),
                "there is one log format: key=value, a line for each event");
        add(
                all,
                "log-format",
                Set.of("console"),
                "there is one log format: key=value, a line for each event");
        add(all, "enable-log-rotation", Set.of("false"), "log files are rotated by others");
        add(
                all,
                "log-rotation-config-json",
                Set.of(),
                "log files are rotated by others, such as logrotate with copytruncate");
        add(all, "debug", Set.of("false"), "it was replaced by --log-level debug");
        add(all, "log-package-levels", Set.of(), "it was replaced by --log-level");
        add(all, "proxy", Set.of("off"), NO_PROXY);
        add(all, "proxy-failure-wait", Set.of("5000"), NO_PROXY);
        add(all, "proxy-refresh-interval", Set.of("30000"), NO_PROXY);
        add(all, "proxy-dial-timeout", Set.of("1000"), NO_PROXY);
        add(all, "proxy-write-timeout", Set.of("5000"), NO_PROXY);
        add(all, "proxy-read-timeout", Set.of("0"), NO_PROXY);
        add(
                all,
                "socket-reuse-port",
                Set.of("false"),
                "two members on one port would share clients");
        add(
                all,
                "socket-reuse-address",
                Set.of("true", "false"),
                "addresses are always used again at once");
        add(all, "raft-read-timeout", Set.of("5s"), "how peers are found dead is not settable");
        add(all, "raft-write-timeout", Set.of("5s"), "how peers are found dead is not settable");
        add(all, "unsafe-no-fsync", Set.of("false"), "acknowledged writes would be lost");
        add(all, "experimental-backend-bbolt-freelist-type", Set.of("array", "map"), NO_BBOLT);
        add(all, "backend-bbolt-freelist-type", Set.of("array", "map"), NO_BBOLT);
        for (String checkpoint :
                List.of(
                        "experimental-enable-lease-checkpoint",
                        "experimental-enable-lease-checkpoint-persist")) {
            add(
                    all,
                    checkpoint,
                    Set.of("true", "false"),
                    "how long leases have left is always kept");
        }
        for (String name :
                List.of(
                        "experimental-compaction-batch-limit",
                        "experimental-compaction-sleep-interval")) {
            add(all, name, Set.of("1000", "0s", "10ms"), "compaction goes on in steps of its own");
        }
        add(all, "experimental-memory-mlock", Set.of("false"), "memory is not locked");
        add(
                all,
                "experimental-bootstrap-defrag-threshold-megabytes",
                Set.of("0"),
                "space is given back while the member runs");
        add(
                all,
                "experimental-stop-grpc-service-on-defrag",
                Set.of("false"),
                "defragmentation goes on beside reads and writes");
        add(
                all,
                "experimental-wait-cluster-ready-timeout",
                Set.of("5s"),
                "clients are served from the start, and told if there is no leader");
        add(
                all,
                "experimental-txn-mode-write-with-shared-buffer",
                Set.of("true"),
                "writes have no read buffer");
        add(
                all,
                "experimental-snapshot-catchup-entries",
                Set.of("5000"),
                "what a late member needs of the log is kept by --snapshot-count");
        add(all, "experimental-enable-distributed-tracing", Set.of("false"), NO_TRACING);
        add(all, "experimental-distributed-tracing-address", Set.of("localhost:4317"), NO_TRACING);
        add(all, "experimental-distributed-tracing-service-name", Set.of("etcd"), NO_TRACING);
        add(all, "experimental-distributed-tracing-instance-id", Set.of(), NO_TRACING);
        add(all, "experimental-distributed-tracing-sampling-rate", Set.of("0"), NO_TRACING);
        add(all, "experimental-set-member-localaddr", Set.of("false"), "the system chooses it");
        add(
                all,
                "experimental-downgrade-check-time",
                Set.of("5s"),
                "versions are looked at when members connect");
        add(
                all,
                "feature-gates",
                Set.of(),
                "what has a counterpart has its flag of etcd 3.5, like"
                        + " --experimental-initial-corrupt-check");
        return Collections.unmodifiableMap(all);
    }

    private static void add(
            Map<String, Flag> all, String name, Set<String> allowed, String reason) {
        all.put(name, new Flag(name, allowed, reason));
    }

    private RefusedFlags() {}

    /** Adds them to a command, hidden from its help. */
    static void addTo(CommandSpec spec) {
        for (Flag flag : ALL.values()) {
            ISetter check =
                    new ISetter() {
                        @Override
                        public <T> @Nullable T set(T value) {
                            String refusal = flag.refusal(String.valueOf(value));
                            if (value != null && refusal != null) {
                                throw new ParameterException(commandLine(spec), refusal);
                            }
                            return null;
                        }
                    };
            spec.addOption(
                    OptionSpec.builder("--" + flag.name, "-" + flag.name)
                            .type(String.class)
                            .arity("0..1")
                            .fallbackValue("true")
                            .hidden(true)
                            .setter(check)
                            .description(flag.reason)
                            .build());
        }
    }

    private static CommandLine commandLine(CommandSpec spec) {
        CommandLine line = spec.commandLine();
        return line == null ? new CommandLine(spec) : line;
    }

    /** Variables that begin as etcd's do and mean nothing. */
    static List<String> unknownVariables(CommandSpec spec, Set<String> environment) {
        var known = new HashSet<String>();
        for (OptionSpec option : spec.options()) {
            for (String name : option.names()) {
                known.add(variable(name));
            }
        }
        return environment.stream()
                .filter(name -> name.startsWith("ETCD_") && !known.contains(name))
                .sorted()
                .toList();
    }

    /** The environment variable of a flag. */
    static String variable(String flag) {
        return "ETCD_" + flag.replaceFirst("^-+", "").toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
