package io.skerry.base.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests in whose authority is a URL. etcdctl sends {@code http://host:port} there when it
 * talks to one endpoint after the other, and Vert.x resets the stream of whoever does.
 */
public final class AuthorityRepair {
    private static final String SCHEME_END = "://";

    private AuthorityRepair() {}

    /** Called once for a new HTTP/2 connection on its event loop, before its first request. */
    public static void enable(HttpConnection connection) {
        if (connection instanceof ConnectionBase base) {
            var handler = base.channel().pipeline().get(Http2ConnectionHandler.class);
            if (handler != null) {
                var decoder = handler.decoder();
                decoder.frameListener(new Repairing(decoder.frameListener()));
            }
        }
    }

    /** What the authority stands for; null if it is none that has to be repaired. */
    static @Nullable String repaired(@Nullable CharSequence authority) {
        int scheme = authority == null ? -1 : authority.toString().indexOf(SCHEME_END);
        if (authority == null || scheme < 0) {
            return null;
        }
        String rest = authority.toString().substring(scheme + SCHEME_END.length());
        // A Unix socket's path is no host; nobody looks at the name.
        return rest.isEmpty() || rest.indexOf('/') >= 0 ? "localhost" : rest;
    }

    private static final class Repairing extends Http2FrameListenerDecorator {
        Repairing(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int stream,
                Http2Headers headers,
                int padding,
                boolean end)
                throws Http2Exception {
            super.onHeadersRead(context, stream, repair(headers), padding, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int stream,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end)
                throws Http2Exception {
            super.onHeadersRead(
                    context, stream, repair(headers), dependency, weight, exclusive, padding, end);
        }

        private static Http2Headers repair(Http2Headers headers) {
            String better = repaired(headers.authority());
            if (better != null) {
                headers.authority(better);
            }
            return headers;
        }
    }
}
