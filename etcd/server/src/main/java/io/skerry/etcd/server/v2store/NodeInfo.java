package io.skerry.etcd.server.v2store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node as clients see it.
 *
 * @param key its path; {@code /} for the root
 * @param value null for a directory, and for what is told of a deleted node
 * @param expirationEpochNanos when it ends; 0 if it does not
 * @param ttlSeconds until then, rounded up
 * @param nodes what lies in a directory, as far as it was asked for
 */
public record NodeInfo(
        String key,
        @Nullable String value,
        boolean dir,
        long expirationEpochNanos,
        long ttlSeconds,
        List<NodeInfo> nodes,
        long modifiedIndex,
        long createdIndex) {
    private static final long NANOS = 1_000_000_000L;

    public NodeInfo {
        nodes = List.copyOf(nodes);
    }

    NodeInfo with(List<NodeInfo> children) {
        return new NodeInfo(
                key,
                value,
                dir,
                expirationEpochNanos,
                ttlSeconds,
                children,
                modifiedIndex,
                createdIndex);
    }

    /** As a deletion tells it: what is gone has neither value nor end. */
    static NodeInfo gone(NodePath path, boolean dir, long index, long createdIndex) {
        return new NodeInfo(path.text(), null, dir, 0, 0, List.of(), index, createdIndex);
    }

    /** Whole seconds from now until then, rounded up; not positive once it is past. */
    static long ttlSeconds(long expirationEpochNanos, long nowEpochNanos) {
        long left = expirationEpochNanos - nowEpochNanos;
        return left / NANOS + (left % NANOS > 0 ? 1 : 0);
    }
}
