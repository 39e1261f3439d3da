package io.skerry.etcd.server.store;

/**
 * How much is moved at a time from the end of the file forward, while writers wait: little as long
 * as that makes the file smaller, and twice as much each time it did not, since what was written in
 * one commit is moved as one piece. Not thread-safe.
 */
final class ShrinkStep {
    static final int LEAST_BYTES = 1 << 20;

    private final int largestBytes;
    private int bytes = LEAST_BYTES;

    /**
     * @param largestBytes where it is given up
     */
    ShrinkStep(int largestBytes) {
        this.largestBytes = largestBytes;
    }

    int bytes() {
        return bytes;
    }

    /** Whether even the largest step has gained nothing. */
    boolean givenUp() {
        return bytes > largestBytes;
    }

    /** A step was done, and the file had and has so many bytes. */
    void done(long before, long after) {
        bytes = after < before ? LEAST_BYTES : 2 * bytes;
    }

    /** Begins with the least again. */
    void restart() {
        bytes = LEAST_BYTES;
    }
}
