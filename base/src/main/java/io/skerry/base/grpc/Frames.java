package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.skerry.base.http2.Body;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;
import java.util.function.Consumer;

/** Puts messages into length-prefixed frames, and takes the bytes out of a received buffer. */
final class Frames {
    static final int HEADER_BYTES = 5;

    private Frames() {}

    /** Framed messages as one buffer, which is one write and as few DATA frames as can be. */
    static Buffer encode(Body messages) {
        byte[] bytes = new byte[messages.size()];
        messages.writeTo(Unpooled.wrappedBuffer(bytes).clear());
        return Buffer.buffer(bytes);
    }

    static Buffer encode(ByteString message) {
        return encode(new MessageBody(List.of(message)));
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
