package io.skerry.base.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.skerry.base.log.Log;
import io.skerry.base.net.LastWords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has become a WebSocket. Frames are read on its event loop, messages taken and
 * sent by the handler's threads. A client that sends faster than its messages are taken is not read
 * from; one that is silent is pinged, and given up when the next ping is due and nothing has come
 * nor gone.
 */
final class WebSocketConnection extends ChannelInboundHandlerAdapter implements WebSocket {
    private static final Log LOG = Log.of(WebSocketConnection.class);

    /** Messages that wait for their handler, beyond which the client is not read from. */
    private static final int WAITING_BYTES = 64 << 10;

    /** What a message costs beside its characters. */
    private static final int MESSAGE_BYTES = 64;

    private final EventLoop loop;
    private final int maxMessageBytes;
    private final Duration probeInterval;
    private final PacedWriter writer;

    /** Guards what both the loop and the handler's threads use, to the next blank line. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final ArrayDeque<String> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean paused;
    private boolean over;

    // Confined to the loop.
    private final ByteArrayOutputStream message = new ByteArrayOutputStream(0);
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> probe;
    private boolean closing;
    private boolean heard;
    private boolean asked;
    private long unsentBytes;

    /**
     * @param maxMessageBytes of a message and of a frame; larger ones end the connection
     * @param probeInterval how often a silent client is pinged
     */
    WebSocketConnection(EventLoop loop, int maxMessageBytes, Duration probeInterval) {
        this.loop = loop;
        this.maxMessageBytes = maxMessageBytes;
        this.probeInterval = probeInterval;
        this.writer = new PacedWriter(loop, () -> closing, this::writable);
    }

    /**
     * Answers the request, and reads frames from then on. This is the connection's last handler
     * already.
     */
    void open(FullHttpRequest request, List<String> subprotocols) {
        ChannelHandlerContext channel = context();
        var limits =
                WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(maxMessageBytes)
                        .allowExtensions(false)
                        .closeOnProtocolViolation(false)
                        .withUTF8Validator(false)
                        .build();
        var handshake =
                new WebSocketServerHandshaker13("", String.join(",", subprotocols), limits) {
                    @Override
                    protected WebSocketFrameDecoder newWebsocketDecoder() {
                        return new Decoder(limits);
                    }
                };
        var _ =
                handshake
                        .handshake(channel.channel(), request)
                        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** Netty's, which also tells that a part of a frame came: that, too, is a sign of life. */
    private final class Decoder extends WebSocket13FrameDecoder {
        Decoder(WebSocketDecoderConfig limits) {
            super(limits);
        }

        @Override
        public void channelRead(ChannelHandlerContext channel, Object bytes) throws Exception {
            heard = true;
            super.channelRead(channel, bytes);
        }
    }

    /** Serves the client on the calling thread, and closes. */
    void serve(WebSocketHandler handler, HttpCall call) {
        try {
            handler.converse(call, this);
            end(WebSocketCloseStatus.NORMAL_CLOSURE, "");
        } catch (InterruptedException e) {
            shutdown();
        } catch (IOException e) {
            LOG.debug("WebSocket cut off", "path", call.path(), "cause", e);
            end(WebSocketCloseStatus.INTERNAL_SERVER_ERROR, "");
        } catch (RuntimeException | Error e) {
            LOG.error("WebSocket failed", "path", call.path(), e);
            end(WebSocketCloseStatus.INTERNAL_SERVER_ERROR, "internal error");
        }
    }

    /** From any thread: the server goes away. */
    void shutdown() {
        end(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE, "the server is shutting down");
    }

    private void end(WebSocketCloseStatus status, String why) {
        loop.execute(() -> close(status, why));
    }

    // ---- for the handler's threads

    @Override
    public @Nullable String receive() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !over) {
                changed.await();
            }
            String next = waiting.poll();
            if (next != null) {
                waitingBytes -= cost(next);
            }
            if (paused && waiting.isEmpty()) {
                paused = false;
                loop.execute(() -> context().channel().config().setAutoRead(true));
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private static int cost(String text) {
        return MESSAGE_BYTES + text.length();
    }

    @Override
    public void send(String text) throws IOException, InterruptedException {
        writer.write(() -> {
            var _ = context().writeAndFlush(new TextWebSocketFrame(text));
        });
    }

    @Override
    public void onClose(Runnable action) {
        writer.onClose(action);
    }

    // ---- on the loop

    private ChannelHandlerContext context() {
        ChannelHandlerContext set = context;
        if (set == null) {
            throw new IllegalStateException("the WebSocket has no channel yet");
        }
        return set;
    }

    private boolean writable() {
        return context().channel().isWritable();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        long every = probeInterval.toNanos();
        probe = loop.scheduleAtFixedRate(this::probe, every, every, TimeUnit.NANOSECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        closing = true;
        if (probe != null) {
            probe.cancel(false);
        }
        gone();
    }

    private void probe() {
        ChannelHandlerContext channel = context();
        // What leaves shows that the client reads: its pong comes when it has read all before it.
        long unsent = writable() ? 0 : channel.channel().bytesBeforeWritable();
        if (heard || unsent != unsentBytes || !channel.channel().config().isAutoRead()) {
            heard = false;
            asked = false;
            unsentBytes = unsent;
        } else if (asked) {
            LOG.debug("WebSocket is dead", "client", channel.channel().remoteAddress());
            var _ = channel.close();
        } else {
            asked = true;
            var _ = channel.writeAndFlush(new PingWebSocketFrame());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext channel, Object received) {
        var frame = (WebSocketFrame) received;
        try {
            if (!closing) {
                take(channel, frame);
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void take(ChannelHandlerContext channel, WebSocketFrame frame) {
        switch (frame) {
            case CloseWebSocketFrame close -> closedByClient(close);
            // One who does not read its pongs gets none.
            case PingWebSocketFrame ping when writable() -> {
                var _ = channel.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            }
            case PingWebSocketFrame _, PongWebSocketFrame _ -> {}
            default -> fragment(frame.content(), frame.isFinalFragment());
        }
    }

    private void fragment(ByteBuf bytes, boolean last) {
        if (message.size() + bytes.readableBytes() > maxMessageBytes) {
            close(
                    WebSocketCloseStatus.MESSAGE_TOO_BIG,
                    "a message must not exceed " + maxMessageBytes + " bytes");
            return;
        }
        message.writeBytes(ByteBufUtil.getBytes(bytes));
        if (last) {
            byte[] whole = message.toByteArray();
            message.reset();
            try {
                arrived(
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(whole))
                                .toString());
            } catch (CharacterCodingException e) {
                close(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "a message must be UTF-8");
            }
        }
    }

    private void arrived(String text) {
        lock.lock();
        try {
            waiting.add(text);
            waitingBytes += cost(text);
            paused |= waitingBytes > WAITING_BYTES;
            if (paused) {
                context().channel().config().setAutoRead(false);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Answers with the same. */
    private void closedByClient(CloseWebSocketFrame frame) {
        int status = frame.statusCode();
        close(
                status < 0
                        ? WebSocketCloseStatus.NORMAL_CLOSURE
                        : WebSocketCloseStatus.valueOf(status),
                "");
    }

    private void close(WebSocketCloseStatus status, String why) {
        if (closing) {
            return;
        }
        closing = true;
        ChannelHandlerContext channel = context();
        LastWords.announce(channel.channel());
        ChannelFuture told = channel.writeAndFlush(new CloseWebSocketFrame(status, why));
        told.addListener(ChannelFutureListener.CLOSE);
        gone();
    }

    /** Nothing more is said by either side. */
    private void gone() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        writer.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext channel) {
        if (writable()) {
            writer.writable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            close(corrupted.closeStatus(), String.valueOf(corrupted.getMessage()));
        } else {
            RunningCalls.broken(cause);
            var _ = channel.close();
        }
    }
}
