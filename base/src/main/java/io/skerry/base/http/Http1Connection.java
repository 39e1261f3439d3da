package io.skerry.base.http;

import com.google.protobuf.ByteString;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.skerry.base.http2.ServerConnection;
import io.skerry.base.http2.StreamListener;
import io.skerry.base.net.LastWords;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1 connection, behind Netty's codec: one request after another. What a client
 * sends ahead waits, and the socket with it, until its turn comes. Confined to its event loop.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter {
    /** How long a client that sends no more is still answered. */
    private static final long ANSWER_SECONDS = 10;

    private static final long STREAM_SECONDS = 5;

    private final BiFunction<HttpHead, Responder, StreamListener> handler;
    private final RequestPatience patience;
    private final ArrayDeque<HttpObject> ahead = new ArrayDeque<>();
    private @Nullable Turn turn;

    /** The client sends no more; it gets its answers, and then the connection ends. */
    private boolean inputEnded;

    private volatile @Nullable ChannelHandlerContext context;
    private boolean shuttingDown;

    /**
     * @param handler begins to serve a request
     * @param patience is told when the client is listened to again
     */
    Http1Connection(
            BiFunction<HttpHead, Responder, StreamListener> handler, RequestPatience patience) {
        this.handler = handler;
        this.patience = patience;
    }

    /** Whether the request that is being answered wants no body. */
    boolean answersHead() {
        return turn != null && turn.head;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object message) {
        var part = (HttpObject) message;
        if (!ahead.isEmpty() || (turn != null && turn.read)) {
            ahead.add(part);
            channel.channel().config().setAutoRead(false);
        } else {
            take(channel, part);
        }
    }

    private void take(ChannelHandlerContext channel, HttpObject part) {
        try {
            if (part instanceof HttpRequest request) {
                begin(channel, request);
            }
            Turn now = turn;
            if (part instanceof HttpContent content && now != null) {
                if (part.decoderResult().isFailure()) {
                    var _ = channel.close();
                    return;
                }
                now.listener().data(content.content());
                if (part instanceof LastHttpContent) {
                    now.read = true;
                    now.listener().halfClosed();
                    now.next();
                }
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void begin(ChannelHandlerContext channel, HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            refuse(channel, request.decoderResult().cause());
            return;
        }
        var headers = new HashMap<String, String>();
        request.headers()
                .forEach(header ->
                        headers.merge(
                                header.getKey().toLowerCase(Locale.ROOT),
                                header.getValue(),
                                (first, next) -> first + ", " + next));
        var begun = new Turn(channel, request);
        turn = begun;
        begun.listener =
                handler.apply(new HttpHead(request.method().name(), request.uri(), headers), begun);
        if (HttpUtil.is100ContinueExpected(request)) {
            if (begun.ended()) {
                // The client may or may not send its body now; nobody could tell which.
                begun.keepAlive = false;
                begun.next();
            } else {
                var _ =
                        channel.writeAndFlush(
                                new DefaultFullHttpResponse(
                                        HttpVersion.HTTP_1_1,
                                        HttpResponseStatus.CONTINUE,
                                        Unpooled.EMPTY_BUFFER));
            }
        }
    }

    private static void refuse(ChannelHandlerContext channel, Throwable cause) {
        HttpResponseStatus status =
                switch (cause) {
                    case TooLongHttpHeaderException headers ->
                            HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
                    case TooLongHttpLineException line -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
                    default -> HttpResponseStatus.BAD_REQUEST;
                };
        var response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_LENGTH, "0");
        LastWords.announce(channel.channel());
        var _ = channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** Takes what was sent ahead, as far as it goes. */
    private void continueAhead(ChannelHandlerContext channel) {
        while (turn == null || !turn.read) {
            HttpObject part = ahead.poll();
            if (part == null) {
                channel.channel().config().setAutoRead(true);
                patience.listening();
                if (inputEnded) {
                    // Nothing is left to answer, or a request that will never be whole.
                    closeWhenSent(channel);
                }
                return;
            }
            take(channel, part);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext channel) {
        Turn now = turn;
        if (now != null && now.whenWritable != null && now.writable()) {
            now.whenWritable.run();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) {
        Turn now = turn;
        turn = null;
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
        if (now != null && !now.answered) {
            now.gone = true;
            now.listener().gone("the client is gone");
        }
    }

    /**
     * The client has said all that it will say, or is gone altogether: over TCP both look the same
     * until something is sent. What it has asked is answered, in limited time; less for a stream,
     * which may be one that only the client's going ends.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent)) {
            channel.fireUserEventTriggered(event);
            return;
        }
        Turn now = turn;
        if (now == null || !now.read) {
            closeWhenSent(channel);
            return;
        }
        inputEnded = true;
        var limit =
                channel.executor()
                        .schedule(
                                () -> {
                                    var _ = channel.close();
                                },
                                now.streaming ? STREAM_SECONDS : ANSWER_SECONDS,
                                TimeUnit.SECONDS);
        channel.channel().closeFuture().addListener(_ -> limit.cancel(false));
    }

    /** The empty write ends when all before it has left. */
    private static void closeWhenSent(ChannelHandlerContext channel) {
        var _ =
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        RunningCalls.broken(cause);
        var _ = channel.close();
    }

    /** The client sends nothing more of the body that it owes: it is told so, if it can be. */
    void stalled() {
        Turn now = turn;
        ChannelHandlerContext channel = context;
        if (channel == null) {
            return;
        }
        if (now != null && !now.answered && !now.read) {
            now.keepAlive = false;
            now.listener().stalled();
            if (now.answered) {
                return;
            }
        }
        var _ = channel.close();
    }

    /** From any thread: closes when the request that is being served is answered. */
    void shutdown() {
        ChannelHandlerContext channel = context;
        if (channel != null) {
            channel.executor()
                    .execute(() -> {
                        shuttingDown = true;
                        if (turn == null) {
                            closeWhenSent(channel);
                        }
                    });
        }
    }

    /** One request and its answer. */
    private final class Turn implements Responder {
        private final ChannelHandlerContext channel;
        private final HttpVersion version;
        private final boolean head;
        private @Nullable StreamListener listener;
        private @Nullable Runnable whenWritable;
        private boolean keepAlive;
        private boolean read;
        private boolean streaming;
        private boolean answered;
        private boolean gone;

        Turn(ChannelHandlerContext channel, HttpRequest request) {
            this.channel = channel;
            this.version = request.protocolVersion();
            this.head = request.method().name().equals("HEAD");
            this.keepAlive = HttpUtil.isKeepAlive(request);
        }

        StreamListener listener() {
            if (listener == null) {
                throw new IllegalStateException("a body came before its request");
            }
            return listener;
        }

        /** Goes on with the next request once this one is read and answered. */
        void next() {
            if (!answered || turn != this) {
                return;
            }
            if (!keepAlive) {
                if (!read) {
                    LastWords.announce(channel.channel());
                }
                closeWhenSent(channel);
            } else if (read) {
                turn = null;
                if (shuttingDown) {
                    closeWhenSent(channel);
                } else {
                    continueAhead(channel);
                }
            }
        }

        @Override
        public EventLoop loop() {
            return (EventLoop) channel.executor();
        }

        @Override
        public boolean ended() {
            return answered || gone;
        }

        private void headers(HttpResponse response, Map<String, String> fields) {
            fields.forEach((name, value) -> response.headers().set(name, value));
            if (response.headers()
                            .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)
                    || shuttingDown) {
                keepAlive = false;
            }
            if (!keepAlive) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            } else if (version.equals(HttpVersion.HTTP_1_0)) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
            }
        }

        @Override
        public void full(int status, Map<String, String> fields, @Nullable ByteString body) {
            var response =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.valueOf(status),
                            body == null
                                    ? Unpooled.EMPTY_BUFFER
                                    : Unpooled.wrappedBuffer(body.asReadOnlyByteBuffer()));
            headers(response, fields);
            var _ = channel.writeAndFlush(response);
            answered();
        }

        private void answered() {
            answered = true;
            streaming = false;
            // Never within the handler's own call: it may not have returned its listener yet.
            channel.executor().execute(this::next);
        }

        @Override
        public void head(int status, Map<String, String> fields) {
            var response =
                    new DefaultHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
            boolean counted = fields.keySet().stream().anyMatch("content-length"::equalsIgnoreCase);
            if (!counted && version.equals(HttpVersion.HTTP_1_0)) {
                keepAlive = false;
            } else if (!counted) {
                response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
            headers(response, fields);
            streaming = true;
            var _ = channel.writeAndFlush(response);
        }

        @Override
        public void part(byte[] bytes) {
            if (!head) {
                var _ =
                        channel.writeAndFlush(
                                new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
            }
        }

        @Override
        public void end() {
            var _ = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            answered();
        }

        @Override
        public void reset() {
            var _ = channel.close();
        }

        @Override
        public boolean writable() {
            return !ended() && channel.channel().isWritable();
        }

        @Override
        public void whenWritable(Runnable action) {
            whenWritable = action;
        }

        @Override
        public boolean endsWithItsAnswer() {
            return false;
        }

        @Override
        public boolean upgradable() {
            return version.equals(HttpVersion.HTTP_1_1);
        }

        @Override
        public void upgrade(
                WebSocketConnection connection,
                FullHttpRequest request,
                List<String> subprotocols) {
            gone = true;
            turn = null;
            // First the handler: the decoder's change hands on what is there of the first frame.
            channel.pipeline().replace(Http1Connection.this, null, connection);
            if (ahead.isEmpty()) {
                connection.open(request, subprotocols);
            } else {
                // What is no frame was sent ahead, before the client could know.
                ahead.forEach(ReferenceCountUtil::release);
                ahead.clear();
                var _ = channel.channel().close();
            }
        }

        @Override
        public boolean secure() {
            return ServerConnection.secure(channel.channel());
        }

        @Override
        public @Nullable X509Certificate peerCertificate() {
            return ServerConnection.peerCertificate(channel.channel());
        }

        @Override
        public String remoteAddress() {
            Channel socket = channel.channel();
            return ServerConnection.text(socket.remoteAddress());
        }
    }
}
