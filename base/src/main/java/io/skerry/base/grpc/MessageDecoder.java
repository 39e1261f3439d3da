package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into gRPC messages: a flag byte, a length of four bytes, big-endian, and the
 * message. Chunks may end anywhere. Not thread-safe.
 *
 * <p>A message that lies within one chunk is handed on as a view of it; only a message that spans
 * chunks is assembled in a buffer of its own, which grows with what has come, so that a length
 * alone costs no memory.
 */
final class MessageDecoder {
    private static final int HEADER_BYTES = 5;

    private final int maxMessageBytes;
    private final byte[] header = new byte[HEADER_BYTES];
    private int headerRead;
    private int length;
    private ByteString partial = ByteString.EMPTY;

    MessageDecoder(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Takes a chunk, which must not be changed afterwards, and hands on each message that it
     * completes.
     *
     * @throws GrpcException the stream is broken or asks for too much; feed nothing more
     */
    void feed(byte[] chunk, int offset, int count, Consumer<ByteString> messages)
            throws GrpcException {
        int at = offset;
        int end = offset + count;
        while (at < end) {
            if (headerRead < HEADER_BYTES) {
                int n = Math.min(HEADER_BYTES - headerRead, end - at);
                System.arraycopy(chunk, at, header, headerRead, n);
                headerRead += n;
                at += n;
                if (headerRead < HEADER_BYTES) {
                    return;
                }
                readHeader();
            }
            int n = Math.min(length - partial.size(), end - at);
            ByteString piece = UnsafeByteOperations.unsafeWrap(chunk, at, n);
            partial = partial.isEmpty() ? piece : partial.concat(piece);
            at += n;
            if (partial.size() < length) {
                return;
            }
            ByteString message = partial;
            partial = ByteString.EMPTY;
            headerRead = 0;
            messages.accept(message);
        }
    }

    /** As {@link #feed(byte[], int, int, Consumer)}, of a copy of the bytes. */
    void feed(ByteBuf chunk, Consumer<ByteString> messages) throws GrpcException {
        byte[] copy = ByteBufUtil.getBytes(chunk);
        feed(copy, 0, copy.length, messages);
    }

    /**
     * The message, copied, if the bytes are exactly one that is not compressed and not too large;
     * null otherwise.
     */
    static @Nullable ByteString whole(ByteBuf bytes, int maxMessageBytes) {
        int size = bytes.readableBytes() - HEADER_BYTES;
        int at = bytes.readerIndex();
        if (size < 0
                || size > maxMessageBytes
                || bytes.getByte(at) != 0
                || bytes.getInt(at + 1) != size) {
            return null;
        }
        byte[] message = new byte[size];
        bytes.getBytes(at + HEADER_BYTES, message);
        return UnsafeByteOperations.unsafeWrap(message);
    }

    /** Why the stream must not end here, or null if no message is cut off. */
    @Nullable GrpcException incomplete() {
        return headerRead == 0
                ? null
                : new GrpcException(GrpcCode.INTERNAL, "the stream ended within a message");
    }

    private void readHeader() throws GrpcException {
        if (header[0] != 0) {
            throw new GrpcException(
                    header[0] == 1 ? GrpcCode.UNIMPLEMENTED : GrpcCode.INTERNAL,
                    header[0] == 1
                            ? "compressed messages are not supported"
                            : "a message began with the unknown flag " + (header[0] & 0xff));
        }
        long size =
                (header[1] & 0xffL) << 24
                        | (header[2] & 0xff) << 16
                        | (header[3] & 0xff) << 8
                        | (header[4] & 0xff);
        if (size > maxMessageBytes) {
            throw new GrpcException(
                    GrpcCode.RESOURCE_EXHAUSTED,
                    "received message larger than max (" + size + " vs. " + maxMessageBytes + ")");
        }
        length = (int) size;
    }
}
