package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;
import java.util.function.Consumer;

/** Puts messages into length-prefixed frames, and takes the bytes out of a received buffer. */
final class Frames {
    static final int HEADER_BYTES = 5;

    private Frames() {}

    /** Several messages as one buffer, which is one write and as few DATA frames as can be. */
    static Buffer encode(List<ByteString> messages) {
        int size = 0;
        for (ByteString message : messages) {
            size += HEADER_BYTES + message.size();
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (ByteString message : messages) {
            at = put(message, bytes, at);
        }
        return Buffer.buffer(bytes);
    }

    static Buffer encode(ByteString message) {
        byte[] bytes = new byte[HEADER_BYTES + message.size()];
        put(message, bytes, 0);
        return Buffer.buffer(bytes);
    }

    private static int put(ByteString message, byte[] bytes, int at) {
        int size = message.size();
        bytes[at + 1] = (byte) (size >>> 24);
        bytes[at + 2] = (byte) (size >>> 16);
        bytes[at + 3] = (byte) (size >>> 8);
        bytes[at + 4] = (byte) size;
        message.copyTo(bytes, at + HEADER_BYTES);
        return at + HEADER_BYTES + size;
    }

    /**
     * Feeds a received buffer without copying it where it lies in an array, as Vert.x' buffers do.
     */
    static void feed(MessageDecoder decoder, Buffer chunk, Consumer<ByteString> messages)
            throws GrpcException {
        ByteBuf bytes = ((BufferInternal) chunk).getByteBuf();
        if (bytes.hasArray()) {
            decoder.feed(
                    bytes.array(),
                    bytes.arrayOffset() + bytes.readerIndex(),
                    bytes.readableBytes(),
                    messages);
        } else {
            byte[] copy = chunk.getBytes();
            decoder.feed(copy, 0, copy.length, messages);
        }
    }
}
