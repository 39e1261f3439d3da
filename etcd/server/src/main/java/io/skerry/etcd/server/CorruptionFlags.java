package io.skerry.etcd.server;

import io.skerry.etcd.server.corruption.CorruptionChecks;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Flags that say when members compare their content. */
final class CorruptionFlags {
    @Option(
            names = {"--experimental-initial-corrupt-check", "-experimental-initial-corrupt-check"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "BOOL",
            description =
                    "Compare content with the other members before this one starts, and do not"
                            + " start if it differs from the majority's.")
    private boolean initialCheck;

    @Option(
            names = {
                "--experimental-corrupt-check-time",
                "-experimental-corrupt-check-time",
                "--corrupt-check-time",
                "-corrupt-check-time"
            },
            converter = GoDurations.class,
            defaultValue = "0s",
            paramLabel = "TIME",
            description =
                    "How often the leader compares all members' content; 0: never (default:"
                            + " ${DEFAULT-VALUE}).")
    private Duration checkTime = Duration.ZERO;

    @Option(
            names = {
                "--experimental-compact-hash-check-enabled",
                "-experimental-compact-hash-check-enabled"
            },
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "BOOL",
            description = "Let the leader compare what each compaction has left on all members.")
    private boolean compactHashCheck;

    @Option(
            names = {
                "--experimental-compact-hash-check-time",
                "-experimental-compact-hash-check-time",
                "--compact-hash-check-time",
                "-compact-hash-check-time"
            },
            converter = GoDurations.class,
            defaultValue = "1m",
            paramLabel = "TIME",
            description = "How often it looks for a compaction (default: ${DEFAULT-VALUE}).")
    private Duration compactHashCheckTime = Duration.ofMinutes(1);

    /** For picocli. */
    CorruptionFlags() {}

    CorruptionChecks checks() {
        if (compactHashCheck && compactHashCheckTime.isZero()) {
            throw new IllegalArgumentException(
                    "--experimental-compact-hash-check-time must be more than 0 where"
                            + " --experimental-compact-hash-check-enabled is set");
        }
        return new CorruptionChecks(
                initialCheck, checkTime, compactHashCheck ? compactHashCheckTime : Duration.ZERO);
    }
}
