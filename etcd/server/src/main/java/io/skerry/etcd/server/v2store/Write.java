package io.skerry.etcd.server.v2store;

import org.jspecify.annotations.Nullable;

/**
 * A change that a client asks for. All that depends on a clock is decided before it is proposed:
 * {@code nowEpochNanos} is the proposer's time, to which the times to live in its event are
 * counted.
 */
public sealed interface Write {
    Namespace namespace();

    NodePath path();

    long nowEpochNanos();

    /** What the event, or a refusal, is counted as. */
    Action action();

    /** Whether it can make the store larger. */
    default boolean needsSpace() {
        return switch (this) {
            case Create _, Set _, Update _, CompareAndSwap _ -> true;
            case Delete _, CompareAndDelete _ -> false;
        };
    }

    /**
     * How long a node lives.
     *
     * @param ttlSeconds from when it is applied, by the leader's clock
     * @param epochNanos when that will about be; what clients are told
     */
    record Lifetime(long ttlSeconds, long epochNanos) {}

    /**
     * What a node must be like.
     *
     * @param value its value; empty for any
     * @param index its modified index; 0 for any
     */
    record Condition(String value, long index) {}

    /**
     * A new node; refused where one is.
     *
     * @param inOrder the path is a directory in which the node gets the coming index as its name
     */
    record Create(
            Namespace namespace,
            NodePath path,
            long nowEpochNanos,
            boolean dir,
            String value,
            boolean inOrder,
            @Nullable Lifetime lifetime)
            implements Write {
        @Override
        public Action action() {
            return Action.CREATE;
        }
    }

    /** A new node, in place of a file where one is; a refresh keeps that file's value. */
    record Set(
            Namespace namespace,
            NodePath path,
            long nowEpochNanos,
            boolean dir,
            String value,
            @Nullable Lifetime lifetime,
            boolean refresh)
            implements Write {
        @Override
        public Action action() {
            return Action.SET;
        }
    }

    /** Another value of a file, another lifetime of either. */
    record Update(
            Namespace namespace,
            NodePath path,
            long nowEpochNanos,
            String value,
            @Nullable Lifetime lifetime,
            boolean refresh)
            implements Write {
        @Override
        public Action action() {
            return Action.UPDATE;
        }
    }

    /** Another value and lifetime of a file that fulfils a condition. */
    record CompareAndSwap(
            Namespace namespace,
            NodePath path,
            long nowEpochNanos,
            Condition condition,
            String value,
            @Nullable Lifetime lifetime,
            boolean refresh)
            implements Write {
        @Override
        public Action action() {
            return Action.COMPARE_AND_SWAP;
        }
    }

    /**
     * The end of a node.
     *
     * @param dir it may be an empty directory
     * @param recursive it may be any directory
     */
    record Delete(
            Namespace namespace, NodePath path, long nowEpochNanos, boolean dir, boolean recursive)
            implements Write {
        @Override
        public Action action() {
            return Action.DELETE;
        }
    }

    /** The end of a file that fulfils a condition. */
    record CompareAndDelete(
            Namespace namespace, NodePath path, long nowEpochNanos, Condition condition)
            implements Write {
        @Override
        public Action action() {
            return Action.COMPARE_AND_DELETE;
        }
    }
}
