package io.skerry.base.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Map;

/**
 * What each frame of a client does: the rules of RFC 9113, and the limits. The reader has checked
 * what a frame alone can tell. Confined to the connection's event loop.
 */
final class Inbound implements Http2FrameListener {
    private static final HeaderBlock HEADERS_TOO_LARGE =
            HeaderBlock.response(431, Map.of("content-length", "0"));
    private static final int DEFAULT_TABLE_BYTES = 4096;
    private static final long ASKED = 0x736b_6572_7279L;

    private final ServerConnection connection;
    private final FrameOutput out;
    private final RateLimit control;
    private final int window;
    private int received;
    private int lastStream;
    private boolean settingsSeen;
    private boolean asked;
    private boolean refuseNew;

    Inbound(ServerConnection connection, FrameOutput out) {
        this.connection = connection;
        this.out = out;
        this.control = new RateLimit(connection.limits().maxControlFrames());
        this.window = connection.limits().connectionWindowBytes();
    }

    int lastStream() {
        return lastStream;
    }

    /** Whether a ping of ours waits for its answer. */
    boolean asked() {
        return asked;
    }

    void ask() {
        asked = true;
        out.ping(ASKED, false);
    }

    void refuseNew() {
        refuseNew = true;
    }

    boolean refusesNew() {
        return refuseNew;
    }

    private void control() throws Http2Exception {
        if (!control.take()) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM, "too many control frames");
        }
    }

    private void settingsFirst() throws Http2Exception {
        if (!settingsSeen) {
            throw Http2Exception.connectionError(
                    Http2Error.PROTOCOL_ERROR, "the first frame must be SETTINGS");
        }
    }

    /** The reader refuses what it read of a stream. */
    void failed(Http2Exception.StreamException failure) throws Http2Exception {
        int id = failure.streamId();
        ServerStream stream = connection.stream(id);
        connection.countReset();
        if (stream == null && id > lastStream) {
            lastStream = id;
            if (failure instanceof Http2Exception.HeaderListSizeException) {
                out.headers(id, HEADERS_TOO_LARGE, true);
                out.reset(id, Http2Error.NO_ERROR.code());
                connection.written();
                return;
            }
        }
        out.reset(id, failure.error().code());
        connection.written();
        if (stream != null) {
            stream.gone(String.valueOf(failure.getMessage()));
        }
    }

    @Override
    public int onDataRead(
            ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean end)
            throws Http2Exception {
        settingsFirst();
        int flow = data.readableBytes() + padding;
        if (flow == 0 && !end) {
            control();
        }
        received += flow;
        if (received > window) {
            throw Http2Exception.connectionError(
                    Http2Error.FLOW_CONTROL_ERROR, "more data than the connection's window");
        }
        ServerStream stream = connection.stream(id);
        if (stream == null) {
            if (id > lastStream || (id & 1) == 0) {
                throw Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR, "data on stream %d, which is not open", id);
            }
            // The stream ended here while this was under way.
        } else if (stream.remoteEnded()) {
            connection.countReset();
            out.reset(id, Http2Error.STREAM_CLOSED.code());
            stream.gone("the client sent data after its end");
        } else if (!stream.received(data, flow, end)) {
            connection.countReset();
            out.reset(id, Http2Error.FLOW_CONTROL_ERROR.code());
            stream.gone("the client sent more than the stream's window");
        }
        if (received >= window / 2) {
            out.windowUpdate(0, received);
            received = 0;
        }
        return flow;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean end)
            throws Http2Exception {
        settingsFirst();
        ServerStream stream = connection.stream(id);
        if (stream != null) {
            if (!end || stream.remoteEnded()) {
                connection.refuse(id, Http2Error.PROTOCOL_ERROR);
                stream.gone("the client sent headers within its request");
            } else {
                stream.halfClose();
            }
            return;
        }
        if ((id & 1) == 0) {
            throw Http2Exception.connectionError(
                    Http2Error.PROTOCOL_ERROR, "a client may not open stream %d", id);
        }
        if (id <= lastStream) {
            // Trailers of a stream that ended here while they were under way.
            control();
            return;
        }
        lastStream = id;
        RequestHead head = connection.heads().head(headers);
        if (refuseNew) {
            connection.refuse(id, Http2Error.REFUSED_STREAM);
        } else if (head == null) {
            connection.refuse(id, Http2Error.PROTOCOL_ERROR);
        } else {
            connection.open(id, head, end);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        onHeadersRead(context, id, headers, padding, end);
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext context, int id, int on, short weight, boolean exclusive)
            throws Http2Exception {
        control();
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int id, long code)
            throws Http2Exception {
        settingsFirst();
        if (id > lastStream) {
            throw Http2Exception.connectionError(
                    Http2Error.PROTOCOL_ERROR, "stream %d was reset before it was opened", id);
        }
        connection.countReset();
        ServerStream stream = connection.stream(id);
        if (stream != null) {
            stream.gone("the client cancelled the stream");
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
            throws Http2Exception {
        control();
        settingsSeen = true;
        Integer frame = settings.maxFrameSize();
        if (frame != null) {
            // Larger frames would only let one stream hold up the others for longer.
            out.maxFrameBytes(Math.min(frame, 16 << 10));
        }
        Long table = settings.headerTableSize();
        if (table != null && table < DEFAULT_TABLE_BYTES) {
            out.tableShrunk();
        }
        out.settingsAck();
        Integer window = settings.initialWindowSize();
        if (window != null) {
            connection.initialWindow(window);
        }
        connection.written();
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext context) throws Http2Exception {
        settingsFirst();
        control();
    }

    @Override
    public void onPingRead(ChannelHandlerContext context, long content) throws Http2Exception {
        settingsFirst();
        // gRPC's clients measure the bandwidth of answers with a ping for each round trip.
        if (!out.takeAnswered()) {
            control();
        }
        out.ping(content, true);
        connection.written();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext context, long content) throws Http2Exception {
        settingsFirst();
        control();
        if (content == ASKED) {
            asked = false;
            connection.answered();
        }
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext context, int id, int increment)
            throws Http2Exception {
        settingsFirst();
        if (id == 0) {
            connection.widen(increment);
            return;
        }
        ServerStream stream = connection.stream(id);
        if (stream == null) {
            if (id > lastStream) {
                throw Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR, "a window for stream %d, which is not open", id);
            }
        } else if (stream.widen(increment)) {
            connection.sendBlocked();
        } else {
            connection.refuse(id, Http2Error.FLOW_CONTROL_ERROR);
            stream.gone("the client's window is too large");
        }
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext context, int last, long code, ByteBuf why)
            throws Http2Exception {
        control();
    }

    @Override
    public void onPushPromiseRead(
            ChannelHandlerContext context, int id, int promised, Http2Headers headers, int padding)
            throws Http2Exception {
        throw Http2Exception.connectionError(
                Http2Error.PROTOCOL_ERROR, "a client may not promise a push");
    }

    @Override
    public void onUnknownFrame(
            ChannelHandlerContext context, byte type, int id, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        control();
    }
}
