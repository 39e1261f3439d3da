package io.skerry.etcd.server.store;

/**
 * How large requests may be.
 *
 * @param maxRequestBytes of a request that is proposed
 * @param maxTxnOperations counted as etcd counts: the longest list, nested ones added
 */
public record RequestLimits(int maxRequestBytes, int maxTxnOperations) {
    /** As etcd has it. */
    public static final RequestLimits DEFAULT = new RequestLimits(1536 * 1024, 128);

    /** A write is copied some times on its way; more would be too much at once. */
    private static final long MOST_BYTES = 16L << 20;

    public RequestLimits {
        var _ = bytes(maxRequestBytes);
        if (maxTxnOperations < 1) {
            throw new IllegalArgumentException(
                    "--max-txn-ops: " + maxTxnOperations + " must be at least 1");
        }
    }

    /** As flags give them. */
    public static RequestLimits of(long maxRequestBytes, int maxTxnOperations) {
        return new RequestLimits(bytes(maxRequestBytes), maxTxnOperations);
    }

    /** What is refused is told as it was given, which an {@code int} might not hold. */
    private static int bytes(long given) {
        if (given < 1 || given > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "--max-request-bytes: " + given + " must be 1 to " + MOST_BYTES);
        }
        return (int) given;
    }
}
