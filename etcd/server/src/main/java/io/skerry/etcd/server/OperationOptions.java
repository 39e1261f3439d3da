package io.skerry.etcd.server;

import io.skerry.etcd.server.corruption.CorruptionChecks;
import io.skerry.etcd.server.telemetry.SlowLimits;

/**
 * What a member watches of itself, its clients and its cluster, and tells.
 *
 * @param corruption when the members' content is compared
 * @param limits what clients may ask for
 * @param slow what is told of as slow
 * @param metrics which metrics are kept, and where else they are served
 */
public record OperationOptions(
        CorruptionChecks corruption, ClientLimits limits, SlowLimits slow, MetricsOptions metrics) {
    /** As etcd has it without flags. */
    public static final OperationOptions DEFAULT =
            new OperationOptions(
                    CorruptionChecks.NONE,
                    ClientLimits.DEFAULT,
                    SlowLimits.DEFAULT,
                    MetricsOptions.DEFAULT);
}
