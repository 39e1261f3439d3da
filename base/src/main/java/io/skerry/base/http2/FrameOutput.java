package io.skerry.base.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2FrameTypes;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames one after another into a buffer, which goes to the socket when a burst is over.
 * Confined to the connection's event loop.
 */
final class FrameOutput {
    static final int FRAME_HEADER_BYTES = 9;

    private static final int BUFFER_BYTES = 16 << 10;

    /** Once a buffer is full, the next ones hold four full frames. */
    private static final int BURST_BUFFER_BYTES = 4 * ((16 << 10) + FRAME_HEADER_BYTES);

    private static final byte END_STREAM = 1;
    private static final byte ACK = 1;
    private static final byte END_HEADERS = 4;
    private static final byte EMPTY_TABLE = 0x20;

    private final ChannelHandlerContext context;
    private @Nullable ByteBuf buffer;
    private int maxFrameBytes = 16 << 10;
    private boolean tableShrunk;
    private boolean answered;

    FrameOutput(ChannelHandlerContext context) {
        this.context = context;
    }

    int maxFrameBytes() {
        return maxFrameBytes;
    }

    void maxFrameBytes(int bytes) {
        maxFrameBytes = bytes;
    }

    /** The client's table for our header fields shrank: the next block has to say so. */
    void tableShrunk() {
        tableShrunk = true;
    }

    /** Whether any part of an answer was written since this was asked before. */
    boolean takeAnswered() {
        boolean since = answered;
        answered = false;
        return since;
    }

    /** Hands what was written to the socket. */
    void flush() {
        ByteBuf full = buffer;
        if (full != null) {
            buffer = null;
            var _ = context.writeAndFlush(full);
        }
    }

    void release() {
        ByteBuf left = buffer;
        if (left != null) {
            buffer = null;
            left.release();
        }
    }

    private ByteBuf room(int bytes) {
        ByteBuf current = buffer;
        int size = BUFFER_BYTES;
        if (current != null) {
            if (current.writableBytes() >= bytes) {
                return current;
            }
            var _ = context.write(current);
            size = BURST_BUFFER_BYTES;
        }
        ByteBuf next = context.alloc().directBuffer(Math.max(size, bytes));
        buffer = next;
        return next;
    }

    private static void frame(ByteBuf out, int length, byte type, int flags, int stream) {
        out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }

    void headers(int stream, HeaderBlock block, boolean end) {
        answered = true;
        int update = tableShrunk ? 1 : 0;
        int left = block.size();
        int first = Math.min(left, maxFrameBytes - update);
        ByteBuf out = room(FRAME_HEADER_BYTES + update + first);
        int flags = (end ? END_STREAM : 0) | (first == left ? END_HEADERS : 0);
        frame(out, update + first, Http2FrameTypes.HEADERS, flags, stream);
        if (tableShrunk) {
            tableShrunk = false;
            out.writeByte(EMPTY_TABLE);
        }
        block.writeTo(out, 0, first);
        int at = first;
        left -= first;
        while (left > 0) {
            int next = Math.min(left, maxFrameBytes);
            out = room(FRAME_HEADER_BYTES + next);
            left -= next;
            frame(out, next, Http2FrameTypes.CONTINUATION, left == 0 ? END_HEADERS : 0, stream);
            block.writeTo(out, at, next);
            at += next;
        }
    }

    /** A body that fits into one frame. */
    void data(int stream, Body body, int size) {
        answered = true;
        ByteBuf out = room(FRAME_HEADER_BYTES + size);
        frame(out, size, Http2FrameTypes.DATA, 0, stream);
        body.writeTo(out);
    }

    void data(int stream, ByteBuf bytes, int size, boolean end) {
        answered = true;
        ByteBuf out = room(FRAME_HEADER_BYTES + size);
        frame(out, size, Http2FrameTypes.DATA, end ? END_STREAM : 0, stream);
        out.writeBytes(bytes, size);
    }

    void emptyData(int stream) {
        frame(room(FRAME_HEADER_BYTES), 0, Http2FrameTypes.DATA, END_STREAM, stream);
    }

    void reset(int stream, long code) {
        ByteBuf out = room(FRAME_HEADER_BYTES + 4);
        frame(out, 4, Http2FrameTypes.RST_STREAM, 0, stream);
        out.writeInt((int) code);
    }

    void windowUpdate(int stream, int increment) {
        ByteBuf out = room(FRAME_HEADER_BYTES + 4);
        frame(out, 4, Http2FrameTypes.WINDOW_UPDATE, 0, stream);
        out.writeInt(increment);
    }

    void settings(Limits limits) {
        ByteBuf out = room(FRAME_HEADER_BYTES + 18);
        frame(out, 18, Http2FrameTypes.SETTINGS, 0, 0);
        out.writeShort(3).writeInt(limits.maxStreams());
        out.writeShort(4).writeInt(limits.streamWindowBytes());
        out.writeShort(6).writeInt(limits.maxHeaderBytes());
    }

    void settingsAck() {
        frame(room(FRAME_HEADER_BYTES), 0, Http2FrameTypes.SETTINGS, ACK, 0);
    }

    void ping(long content, boolean ack) {
        ByteBuf out = room(FRAME_HEADER_BYTES + 8);
        frame(out, 8, Http2FrameTypes.PING, ack ? ACK : 0, 0);
        out.writeLong(content);
    }

    void goAway(int lastStream, long code, byte[] why) {
        ByteBuf out = room(FRAME_HEADER_BYTES + 8 + why.length);
        frame(out, 8 + why.length, Http2FrameTypes.GO_AWAY, 0, 0);
        out.writeInt(lastStream).writeInt((int) code).writeBytes(why);
    }
}
