package io.skerry.etcd.server;

import io.skerry.etcd.server.corruption.CorruptionChecks;

/**
 * What a member watches of itself and its cluster, and tells.
 *
 * @param corruption when the members' content is compared
 */
public record OperationOptions(CorruptionChecks corruption) {
    /** As etcd has it without flags. */
    public static final OperationOptions DEFAULT = new OperationOptions(CorruptionChecks.NONE);
}
