package io.skerry.etcd.server.mvcc.engine;

import org.h2.mvstore.WriteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The buffer that commits are serialized in, kept from one to the next while they are about as
 * large.
 *
 * <p>MVStore keeps no large one. It would begin with a megabyte each time and make it half as large
 * again and again: a commit of 30 MB left 90 MB of garbage, several times a second while much is
 * written, in arrays for which the collector must find rows of free regions. Thread-safe.
 */
final class ChunkBuffers {
    /** What is not much larger than its content is kept. */
    private static final int MOST_TIMES_LARGER = 4;

    /** As large as MVStore's are at first. */
    private static final int LEAST_BYTES = 1 << 20;

    private static final int LARGEST_BYTES = 64 << 20;

    /** All are guarded by this. */
    private @Nullable WriteBuffer spare;

    /** How large the buffer in use was before anything was put in. */
    private int capacity;

    /** Of late: it shrinks by an eighth with each chunk that is smaller. */
    private int largestChunk;

    /** An empty buffer, for one commit at a time. */
    synchronized WriteBuffer take() {
        var kept = spare;
        spare = null;
        var buffer = kept == null ? new WriteBuffer(roomy()) : kept.clear();
        capacity = buffer.capacity();
        return buffer;
    }

    private int roomy() {
        return Math.clamp(largestChunk + largestChunk / 4, LEAST_BYTES, LARGEST_BYTES);
    }

    /** A chunk of this size is being written. */
    synchronized void chunk(int bytes) {
        largestChunk = Math.max(bytes, largestChunk - largestChunk / 8);
    }

    /** The buffer is not needed any more for now. */
    synchronized void giveBack(WriteBuffer buffer) {
        // One that has grown would be cleared to what it was before: the next is made large enough.
        if (buffer.capacity() == capacity
                && capacity <= Math.max(LEAST_BYTES, (long) MOST_TIMES_LARGER * largestChunk)) {
            spare = buffer;
        }
    }

    /** Nothing was written for a while: keeps no large one. */
    synchronized void rest() {
        var kept = spare;
        if (kept != null && kept.capacity() > LEAST_BYTES) {
            spare = null;
        }
        largestChunk = 0;
    }
}
