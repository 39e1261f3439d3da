package io.skerry.base.http;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http2.Http2Error;
import io.skerry.base.http2.Body;
import io.skerry.base.http2.HeaderBlock;
import io.skerry.base.http2.RequestHead;
import io.skerry.base.http2.ServerStream;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers on a stream of HTTP/2. */
record Http2Responder(ServerStream stream) implements Responder {
    private record Bytes(ByteString bytes) implements Body {
        @Override
        public int size() {
            return bytes.size();
        }

        @Override
        public void writeTo(ByteBuf out) {
            out.writeBytes(bytes.asReadOnlyByteBuffer());
        }

        @Override
        public ByteBuf kept() {
            return Unpooled.wrappedBuffer(bytes.asReadOnlyByteBuffer());
        }
    }

    static HttpHead head(RequestHead request) {
        var headers = new HashMap<String, String>();
        request.forEach(
                (name, value) -> headers.merge(name, value, (first, next) -> first + ", " + next));
        String authority = request.header(":authority");
        if (authority != null) {
            headers.putIfAbsent("host", authority);
        }
        return new HttpHead(request.method(), request.target(), headers);
    }

    @Override
    public EventLoop loop() {
        return stream.connection().loop();
    }

    @Override
    public boolean ended() {
        return stream.ended();
    }

    @Override
    public void full(int status, Map<String, String> headers, @Nullable ByteString body) {
        if (body == null || body.isEmpty()) {
            stream.head(HeaderBlock.response(status, headers), true);
        } else {
            stream.head(HeaderBlock.response(status, headers), false);
            stream.data(new Bytes(body));
            stream.end();
        }
    }

    @Override
    public void head(int status, Map<String, String> headers) {
        stream.head(HeaderBlock.response(status, headers), false);
    }

    @Override
    public void part(byte[] bytes) {
        stream.data(new Bytes(ByteString.copyFrom(bytes)));
    }

    @Override
    public void end() {
        stream.end();
    }

    @Override
    public void reset() {
        stream.reset(Http2Error.INTERNAL_ERROR);
    }

    @Override
    public boolean writable() {
        return stream.writable();
    }

    @Override
    public void whenWritable(Runnable action) {
        stream.whenWritable(action);
    }

    @Override
    public boolean endsWithItsAnswer() {
        return true;
    }

    @Override
    public boolean upgradable() {
        return false;
    }

    @Override
    public void upgrade(
            WebSocketConnection connection, FullHttpRequest request, List<String> subprotocols) {
        throw new IllegalStateException("a stream of HTTP/2 becomes no WebSocket");
    }

    @Override
    public boolean secure() {
        return stream.connection().secure();
    }

    @Override
    public @Nullable X509Certificate peerCertificate() {
        return stream.connection().peerCertificate();
    }

    @Override
    public String remoteAddress() {
        return stream.connection().remoteAddress();
    }
}
