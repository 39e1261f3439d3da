package io.skerry.etcd.server.corruption;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;

/**
 * A member's content in one number.
 *
 * @param revision up to which it was hashed
 * @param base from which
 * @param hash says nothing unless the report is {@link #comparable}
 */
record ContentReport(long revision, long base, int hash) {
    private static final int BYTES = 2 * Long.BYTES + Integer.BYTES;

    /** False if the one has compacted what the other has not reached. */
    boolean comparable() {
        return base <= revision;
    }

    ByteString encode() {
        return ByteString.copyFrom(
                ByteBuffer.allocate(BYTES).putLong(revision).putLong(base).putInt(hash).flip());
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is none
     */
    static ContentReport decode(ByteString bytes) {
        if (bytes.size() != BYTES) {
            throw new IllegalArgumentException(
                    "a report of content has " + BYTES + " bytes, not " + bytes.size());
        }
        ByteBuffer in = bytes.asReadOnlyByteBuffer();
        return new ContentReport(in.getLong(), in.getLong(), in.getInt());
    }
}
