package io.skerry.base.grpc;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.skerry.base.http2.Body;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Messages in length-prefixed frames that differ in their middles alone.
 *
 * @param size of all of them, framed
 */
record AlikeBody(ByteString first, List<ByteString> middles, ByteString last, int size)
        implements Body {
    /** What these messages take when they are framed. */
    static long framedBytes(ByteString first, List<ByteString> middles, ByteString last) {
        long bytes = (long) middles.size() * framed(first, last);
        for (ByteString middle : middles) {
            bytes += middle.size();
        }
        return bytes;
    }

    /** What one of them takes without its middle. */
    static int framed(ByteString first, ByteString last) {
        return Frames.HEADER_BYTES + first.size() + last.size();
    }

    @Override
    public void writeTo(ByteBuf out) {
        int at = out.writerIndex();
        ByteBuffer bytes = out.internalNioBuffer(at, size);
        int shared = first.size() + last.size();
        for (ByteString middle : middles) {
            bytes.put((byte) 0).putInt(shared + middle.size());
            first.copyTo(bytes);
            middle.copyTo(bytes);
            last.copyTo(bytes);
        }
        out.writerIndex(at + size);
    }

    @Override
    public ByteBuf kept() {
        ByteBuf copy = Unpooled.buffer(size, size);
        writeTo(copy);
        return copy;
    }
}
