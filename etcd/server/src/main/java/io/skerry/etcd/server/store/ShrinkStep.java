package io.skerry.etcd.server.store;

/**
 * How much is moved at a time from the end of the file forward: little as long as that makes the
 * file smaller than it ever was, and twice as much each time it did not, since what was written in
 * one commit is moved as one piece, and may first have to make room. Not thread-safe.
 */
final class ShrinkStep {
    static final int LEAST_BYTES = 1 << 20;

    private final int largestBytes;
    private int bytes = LEAST_BYTES;
    private long smallestFile = Long.MAX_VALUE;

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
        smallestFile = Math.min(smallestFile, before);
        bytes = after < smallestFile ? LEAST_BYTES : 2 * bytes;
    }

    /** Begins with the least again. */
    void restart() {
        bytes = LEAST_BYTES;
        smallestFile = Long.MAX_VALUE;
    }
}
