package io.skerry.etcd.server.telemetry;

import java.time.Duration;

/**
 * How long something may take before it is told of.
 *
 * @param apply within the store: to apply a command, or to read
 * @param unary from a request to its answer
 */
public record SlowLimits(Duration apply, Duration unary) {
    /** As etcd has it. */
    public static final SlowLimits DEFAULT =
            new SlowLimits(Duration.ofMillis(100), Duration.ofMillis(300));

    public SlowLimits {
        // As etcd does, for whom nothing is the default.
        apply = apply.isZero() ? Duration.ofMillis(100) : apply;
        unary = unary.isZero() ? Duration.ofMillis(300) : unary;
    }
}
