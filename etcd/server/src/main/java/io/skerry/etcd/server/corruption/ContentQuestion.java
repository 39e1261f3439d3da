package io.skerry.etcd.server.corruption;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;

/**
 * What is your content? Answered by a {@link ContentReport}.
 *
 * @param revision up to which; a member that has not come so far tells what it has
 * @param base from which, as far as the member has not compacted it
 */
record ContentQuestion(long revision, long base) {
    private static final int BYTES = 2 * Long.BYTES;

    ByteString encode() {
        return ByteString.copyFrom(
                ByteBuffer.allocate(BYTES).putLong(revision).putLong(base).flip());
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is none
     */
    static ContentQuestion decode(ByteString bytes) {
        if (bytes.size() != BYTES) {
            throw new IllegalArgumentException(
                    "a question for content has " + BYTES + " bytes, not " + bytes.size());
        }
        ByteBuffer in = bytes.asReadOnlyByteBuffer();
        return new ContentQuestion(in.getLong(), in.getLong());
    }
}
