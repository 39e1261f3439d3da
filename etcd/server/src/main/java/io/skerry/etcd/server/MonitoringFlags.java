package io.skerry.etcd.server;

import io.skerry.etcd.server.telemetry.SlowLimits;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Flags that say what a member tells of itself, and where. */
final class MonitoringFlags {
    private static final List<String> LEVELS = List.of("debug", "info", "warn", "error");

    @Option(
            names = {"--metrics", "-metrics"},
            defaultValue = "basic",
            paramLabel = "DETAIL",
            description =
                    "basic, or extensive with how long calls took (default: ${DEFAULT-VALUE}).")
    private String detail = "basic";

    @Option(
            names = {"--listen-metrics-urls", "-listen-metrics-urls"},
            split = ",",
            paramLabel = "URL",
            description = "Where /metrics and /health are served as well.")
    private List<String> metricsUrls = List.of();

    @Option(
            names = {
                "--experimental-warning-apply-duration",
                "-experimental-warning-apply-duration",
                "--warning-apply-duration",
                "-warning-apply-duration"
            },
            converter = GoDurations.class,
            defaultValue = "100ms",
            paramLabel = "TIME",
            description =
                    "Tell of what takes the store longer than this (default: ${DEFAULT-VALUE}).")
    private Duration warningApply = SlowLimits.DEFAULT.apply();

    @Option(
            names = {
                "--experimental-warning-unary-request-duration",
                "-experimental-warning-unary-request-duration",
                "--warning-unary-request-duration",
                "-warning-unary-request-duration"
            },
            converter = GoDurations.class,
            defaultValue = "300ms",
            paramLabel = "TIME",
            description = "Tell of requests answered later than this (default: ${DEFAULT-VALUE}).")
    private Duration warningUnary = SlowLimits.DEFAULT.unary();

    @Option(
            names = {"--log-level", "-log-level"},
            defaultValue = "info",
            paramLabel = "LEVEL",
            description = "debug, info, warn or error (default: ${DEFAULT-VALUE}).")
    private String logLevel = "info";

    @Option(
            names = {"--log-outputs", "-log-outputs", "--log-output", "-log-output"},
            split = ",",
            defaultValue = "default",
            paramLabel = "OUTPUT",
            description =
                    "stderr, stdout or files, to which events are appended (default: stderr).")
    private List<String> logOutputs = List.of("default");

    /** For picocli. */
    MonitoringFlags() {}

    SlowLimits slow() {
        return new SlowLimits(warningApply, warningUnary);
    }

    MetricsOptions metrics() {
        if (!detail.equals("basic") && !detail.equals("extensive")) {
            throw new IllegalArgumentException(
                    "--metrics: \"" + detail + "\" must be basic or extensive");
        }
        return new MetricsOptions(
                detail.equals("extensive"),
                Given.urls("--listen-metrics-urls", Given.list(metricsUrls)));
    }

    String logLevel() {
        if (!LEVELS.contains(logLevel.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "--log-level: \"" + logLevel + "\" must be debug, info, warn or error");
        }
        return logLevel;
    }

    /**
     * Opens the outputs.
     *
     * @throws IOException names the flag, if a file cannot be written to
     */
    List<OutputStream> logOutputs() throws IOException {
        var outputs = new ArrayList<OutputStream>();
        for (String output : Given.list(logOutputs)) {
            outputs.add(
                    switch (output) {
                        case "default", "stderr" -> new FileOutputStream(FileDescriptor.err);
                        case "stdout" -> new FileOutputStream(FileDescriptor.out);
                        case "systemd/journal" ->
                                throw new IllegalArgumentException(
                                        "--log-outputs: systemd/journal is not supported: the"
                                                + " journal takes what a unit writes to stderr");
                        default -> append(output);
                    });
        }
        return outputs;
    }

    private static OutputStream append(String file) throws IOException {
        try {
            return new FileOutputStream(file, true);
        } catch (FileNotFoundException e) {
            throw new IOException("--log-outputs: " + e.getMessage(), e);
        }
    }
}
