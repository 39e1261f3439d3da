package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.skerry.base.http2.Body;
import java.util.List;

/** Messages in length-prefixed frames, written without a copy in between. */
record MessageBody(List<ByteString> messages) implements Body {
    @Override
    public int size() {
        int size = 0;
        for (ByteString message : messages) {
            size += Frames.HEADER_BYTES + message.size();
        }
        return size;
    }

    @Override
    public void writeTo(ByteBuf out) {
        for (ByteString message : messages) {
            write(message, out);
        }
    }

    @Override
    public ByteBuf kept() {
        ByteBuf[] parts = new ByteBuf[messages.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = kept(messages.get(i));
        }
        return parts.length == 1 ? parts[0] : Unpooled.wrappedBuffer(parts.length, parts);
    }

    static void write(ByteString message, ByteBuf out) {
        int size = message.size();
        out.writeByte(0).writeInt(size);
        int at = out.writerIndex();
        message.copyTo(out.internalNioBuffer(at, size));
        out.writerIndex(at + size);
    }

    static ByteBuf kept(ByteString message) {
        ByteBuf header = Unpooled.buffer(Frames.HEADER_BYTES, Frames.HEADER_BYTES);
        header.writeByte(0).writeInt(message.size());
        return Unpooled.wrappedBuffer(
                header, Unpooled.wrappedBuffer(message.asReadOnlyByteBuffer()));
    }
}
