package io.skerry.etcd.server;

import io.skerry.etcd.server.bootstrap.Discovery;
import org.jspecify.annotations.Nullable;

/**
 * How a member finds its cluster and lets it change.
 *
 * @param strictReconfigCheck whether changes of members that would endanger the quorum are refused
 * @param maxLearners how many learners the cluster may have while this member leads
 * @param forceNewCluster whether the member goes on alone with its data, all others being removed
 * @param discovery where a new cluster's members find each other; null: in {@code initialCluster}
 */
public record ClusterOptions(
        boolean strictReconfigCheck,
        int maxLearners,
        boolean forceNewCluster,
        @Nullable Discovery discovery) {
    /** As etcd has it without flags. */
    public static final ClusterOptions DEFAULT = new ClusterOptions(true, 1, false, null);
}
