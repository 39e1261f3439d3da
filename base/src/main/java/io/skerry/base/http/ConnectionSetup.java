package io.skerry.base.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.skerry.base.grpc.GrpcService;
import io.skerry.base.http2.Limits;
import io.skerry.base.http2.ServerConnection;
import io.skerry.base.http2.ServerStream;
import io.skerry.base.http2.StreamListener;
import io.skerry.base.net.LastWords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what serves a new connection: TLS if there is any, then the version that it speaks. */
final class ConnectionSetup extends ChannelInitializer<Channel> {
    private static final int MAX_HEADER_BYTES = 16 << 10;

    /** In ten seconds; resets: one for each call that a client cancels. */
    private static final int MAX_RESETS = 20_000;

    private static final int MAX_CONTROL_FRAMES = 10_000;

    private final @Nullable ServerTls tls;
    private volatile HttpRouter router;
    private final GrpcService grpc;
    private final RunningCalls calls;
    private final int maxBodyBytes;
    private final Limits limits;
    private final ChannelGroup connections;
    private volatile boolean closing;

    /**
     * @param connections is given every connection
     */
    ConnectionSetup(
            @Nullable ServerTls tls,
            HttpRouter router,
            GrpcService grpc,
            RunningCalls calls,
            int maxBodyBytes,
            Limits limits,
            ChannelGroup connections) {
        this.tls = tls;
        this.router = router;
        this.grpc = grpc;
        this.calls = calls;
        this.maxBodyBytes = maxBodyBytes;
        this.limits = limits;
        this.connections = connections;
    }

    static Limits limits(int maxStreams, Duration probeInterval) {
        return new Limits(
                maxStreams,
                MAX_HEADER_BYTES,
                1 << 20,
                4 << 20,
                MAX_RESETS,
                MAX_CONTROL_FRAMES,
                probeInterval);
    }

    @Override
    protected void initChannel(Channel channel) {
        connections.add(channel);
        if (closing) {
            var _ = channel.close();
            return;
        }
        channel.pipeline().addLast(new LastWords());
        if (tls == null) {
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.pipeline().addLast(new EndOfInput());
        } else {
            tls.addTo(channel);
        }
        var patience = new RequestPatience(channel);
        patience.begun();
        channel.pipeline().addLast(new Detector(patience));
    }

    /** From now on requests get these routes, also on connections that are there. */
    void serve(HttpRouter routes) {
        router = routes;
    }

    /** Ends all connections when what they serve has ended; new ones are closed at once. */
    void shutdown() {
        closing = true;
        for (Channel channel : connections) {
            LastWords.hurry(channel);
            ServerConnection http2 = channel.pipeline().get(ServerConnection.class);
            Http1Connection http1 = channel.pipeline().get(Http1Connection.class);
            WebSocketConnection socket = channel.pipeline().get(WebSocketConnection.class);
            if (http2 != null) {
                http2.shutdown();
            } else if (http1 != null) {
                http1.shutdown();
            } else if (socket != null) {
                socket.shutdown();
            } else {
                var _ = channel.close();
            }
        }
    }

    private StreamListener stream(ServerStream stream) {
        StreamListener call = grpc.accept(stream);
        if (call != null) {
            return call;
        }
        return exchange(Http2Responder.head(stream.head()), new Http2Responder(stream));
    }

    private StreamListener exchange(HttpHead head, Responder responder) {
        var exchange =
                new HttpExchange(
                        head, responder, router, calls, maxBodyBytes, limits.probeInterval());
        exchange.start();
        return exchange;
    }

    /**
     * Ends a connection whose client sends no more, unless requests of HTTP/1 may be waiting for
     * their answers there. Over TLS such an end is one of the connection anyway.
     */
    private static final class EndOfInput extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent
                    && context.pipeline().get(Http1Connection.class) == null) {
                var _ = context.close();
            } else {
                context.fireUserEventTriggered(event);
            }
        }
    }

    /**
     * Tells by the first bytes which version a client speaks: HTTP/2 begins with a preface that is
     * no request of HTTP/1, over TLS and in clear text alike.
     */
    private final class Detector extends ByteToMessageDecoder {
        private static final byte[] HTTP2 = "PRI * HTTP/2".getBytes(StandardCharsets.US_ASCII);

        private final RequestPatience patience;

        Detector(RequestPatience patience) {
            this.patience = patience;
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> none) {
            int known = Math.min(in.readableBytes(), HTTP2.length);
            ChannelPipeline pipeline = context.pipeline();
            for (int i = 0; i < known; i++) {
                if (in.getByte(in.readerIndex() + i) != HTTP2[i]) {
                    var connection = new Http1Connection(ConnectionSetup.this::exchange, patience);
                    patience.whenBodyStalls(connection::stalled);
                    pipeline.addLast(
                            new Http1Decoder(patience),
                            new Http1Encoder(connection::answersHead),
                            connection);
                    pipeline.remove(this);
                    return;
                }
            }
            if (known == HTTP2.length) {
                patience.asked();
                pipeline.addLast(new ServerConnection(limits, ConnectionSetup.this::stream));
                pipeline.remove(this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            RunningCalls.broken(cause);
            var _ = context.close();
        }
    }
}
