package io.skerry.base.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.ScheduledFuture;
import io.skerry.base.log.Log;
import io.skerry.base.net.LastWords;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 connection (RFC 9113), from its preface on. It lives on one event loop; only
 * {@link #hand} and {@link #shutdown} may be called from elsewhere.
 *
 * <p>Frames that come in one read are handled one after another, and what they let go out is
 * flushed once, when the read is over. Whatever is written at another time is flushed when the loop
 * has done what is queued before.
 */
public final class ServerConnection extends ByteToMessageDecoder {
    private static final Log LOG = Log.of(ServerConnection.class);
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int INITIAL_WINDOW_BYTES = 65_535;

    /** A client that does not read its answers is not read from until it has. */
    private static final int MAX_UNSENT_BYTES = 8 << 20;

    /** A request of which nothing came for four looks, or nearly five, has stalled. */
    static final long LOOK_SECONDS = 15;

    static final int PATIENCE_LOOKS = 4;

    private final Limits limits;
    private final StreamAcceptor acceptor;
    private final IntObjectHashMap<ServerStream> streams = new IntObjectHashMap<>();
    private final ArrayDeque<ServerStream> blocked = new ArrayDeque<>();
    private final Set<ServerStream> watchers = new LinkedHashSet<>();
    private final HeadDecoder heads;
    private final DefaultHttp2FrameReader reader;
    private final RateLimit resets;
    private @Nullable Wired wired;
    private @Nullable ScheduledFuture<?> probe;
    private @Nullable ScheduledFuture<?> look;
    private int prefaceRead;
    private boolean reading;
    private boolean flushQueued;
    private boolean closing;
    private boolean shuttingDown;
    private boolean heard;
    private int sendWindow = INITIAL_WINDOW_BYTES;
    private int initialSendWindow = INITIAL_WINDOW_BYTES;

    /** What there is once the handler has a channel. */
    private record Wired(
            ChannelHandlerContext context,
            EventLoop loop,
            FrameOutput out,
            HandOver handOver,
            Inbound inbound) {}

    /**
     * @param acceptor is given each stream
     */
    public ServerConnection(Limits limits, StreamAcceptor acceptor) {
        this.limits = limits;
        this.acceptor = acceptor;
        this.heads = new HeadDecoder(limits.maxHeaderBytes());
        this.reader = new DefaultHttp2FrameReader(heads);
        this.resets = new RateLimit(limits.maxResets());
    }

    // ---- for streams and whoever answers them

    public EventLoop loop() {
        return wired().loop();
    }

    /** Runs the task on the event loop; from any thread. */
    public void hand(LoopTask task) {
        wired().handOver().add(task);
    }

    /** The verified certificate of the client; null when it showed none. */
    public @Nullable X509Certificate peerCertificate() {
        return peerCertificate(channel());
    }

    /** The verified certificate of the client of a channel; null when it showed none. */
    public static @Nullable X509Certificate peerCertificate(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        try {
            return (X509Certificate) tls.engine().getSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /** Whether the client came over TLS. */
    public boolean secure() {
        return secure(channel());
    }

    /** Whether the client of a channel came over TLS. */
    public static boolean secure(Channel channel) {
        return channel.pipeline().get(SslHandler.class) != null;
    }

    /** Host and port of the client, or a socket's path. */
    public String remoteAddress() {
        return text(channel().remoteAddress());
    }

    /** An address as people write it. */
    public static String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? NetUtil.toSocketAddressString(inet)
                : String.valueOf(address);
    }

    private Channel channel() {
        return wired().context().channel();
    }

    private Wired wired() {
        Wired set = wired;
        if (set == null) {
            throw new IllegalStateException("the connection has no channel yet");
        }
        return set;
    }

    FrameOutput out() {
        return wired().out();
    }

    boolean writable() {
        return channel().isWritable();
    }

    int sendWindow() {
        return sendWindow;
    }

    void took(int bytes) {
        sendWindow -= bytes;
    }

    int streamWindowBytes() {
        return limits.streamWindowBytes();
    }

    /** Something was written: it is flushed at the end of this burst. */
    void written() {
        if (!reading && !flushQueued) {
            flushQueued = true;
            loop().execute(this::flushQueued);
        }
    }

    private void flushQueued() {
        flushQueued = false;
        out().flush();
        endIfIdle();
    }

    void blocked(ServerStream stream) {
        blocked.add(stream);
    }

    void watchWritable(ServerStream stream) {
        watchers.add(stream);
    }

    void closed(int id, @Nullable ServerStream watcher) {
        streams.remove(id);
        if (watcher != null) {
            watchers.remove(watcher);
        }
    }

    // ---- what the frames change

    HeadDecoder heads() {
        return heads;
    }

    Limits limits() {
        return limits;
    }

    @Nullable ServerStream stream(int id) {
        return streams.get(id);
    }

    /** A stream is reset: by the client, or because of what it did. */
    void countReset() throws Http2Exception {
        if (!resets.take()) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM, "too many streams were reset");
        }
    }

    void refuse(int id, Http2Error code) throws Http2Exception {
        countReset();
        out().reset(id, code.code());
        written();
    }

    void open(int id, RequestHead head, boolean end) throws Http2Exception {
        if (streams.size() >= limits.maxStreams()) {
            refuse(id, Http2Error.REFUSED_STREAM);
            return;
        }
        var stream =
                new ServerStream(this, id, head, limits.streamWindowBytes(), initialSendWindow);
        streams.put(id, stream);
        stream.accept(acceptor, end);
    }

    void initialWindow(int bytes) throws Http2Exception {
        int change = bytes - initialSendWindow;
        initialSendWindow = bytes;
        for (ServerStream stream : streams.values().toArray(new ServerStream[0])) {
            if (!stream.widen(change)) {
                throw Http2Exception.connectionError(
                        Http2Error.FLOW_CONTROL_ERROR, "a stream's window became too large");
            }
        }
        sendBlocked();
    }

    void widen(int increment) throws Http2Exception {
        long window = (long) sendWindow + increment;
        if (window > Integer.MAX_VALUE) {
            throw Http2Exception.connectionError(
                    Http2Error.FLOW_CONTROL_ERROR, "the connection's window became too large");
        }
        sendWindow = (int) window;
        sendBlocked();
    }

    /** Lets streams that wait send a frame each, in turn, as far as the windows go. */
    void sendBlocked() {
        while (sendWindow > 0 && writable()) {
            ServerStream stream = blocked.poll();
            if (stream == null) {
                return;
            }
            if (stream.sendWaiting()) {
                blocked.add(stream);
            }
        }
    }

    // ---- from and to the channel

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        EventLoop loop = (EventLoop) context.executor();
        var out = new FrameOutput(context);
        wired = new Wired(context, loop, out, new HandOver(loop), new Inbound(this, out));
        out.settings(limits);
        out.windowUpdate(0, limits.connectionWindowBytes() - INITIAL_WINDOW_BYTES);
        out.flush();
        long every = limits.probeInterval().toNanos();
        probe = loop.scheduleAtFixedRate(this::probe, every, every, TimeUnit.NANOSECONDS);
        look =
                loop.scheduleWithFixedDelay(
                        this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        reading = true;
        heard = true;
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        reading = false;
        out().flush();
        endIfIdle();
        // One that is being closed takes nothing more either, but is to be read to its end.
        if (!closing
                && !context.channel().isWritable()
                && context.channel().bytesBeforeWritable() > MAX_UNSENT_BYTES) {
            context.channel().config().setAutoRead(false);
        }
        super.channelReadComplete(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            context.channel().config().setAutoRead(true);
            sendBlocked();
            for (ServerStream stream : watchers.toArray(new ServerStream[0])) {
                stream.nowWritable();
            }
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> none) {
        if (closing) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            while (prefaceRead < PREFACE.length && in.isReadable()) {
                if (in.readByte() != PREFACE[prefaceRead++]) {
                    throw Http2Exception.connectionError(
                            Http2Error.PROTOCOL_ERROR, "not a preface of HTTP/2");
                }
            }
            if (prefaceRead == PREFACE.length) {
                reader.readFrame(context, in, wired().inbound());
            }
        } catch (Http2Exception e) {
            failed(in, e);
        }
    }

    private void failed(ByteBuf in, Http2Exception failure) {
        if (failure instanceof Http2Exception.StreamException inStream) {
            try {
                wired().inbound().failed(inStream);
                return;
            } catch (Http2Exception tooMany) {
                end(tooMany.error(), String.valueOf(tooMany.getMessage()));
            }
        } else {
            end(failure.error(), String.valueOf(failure.getMessage()));
        }
        in.skipBytes(in.readableBytes());
    }

    /** Tells the client why, and closes. */
    private void end(Http2Error code, String why) {
        LOG.debug("connection ended", "client", channel().remoteAddress(), "why", why);
        closing = true;
        byte[] text = why.getBytes(StandardCharsets.UTF_8);
        out().goAway(wired().inbound().lastStream(), code.code(), text);
        out().flush();
        LastWords.announce(channel());
        var _ = channel().close();
        allGone(why);
    }

    /** Of all streams at once, as a timer for each would cost every call. */
    private void look() {
        if (channel().config().isAutoRead()) {
            for (ServerStream stream : streams.values().toArray(new ServerStream[0])) {
                stream.look(PATIENCE_LOOKS);
            }
        }
    }

    private void probe() {
        if (heard || !channel().config().isAutoRead()) {
            heard = false;
        } else if (wired().inbound().asked()) {
            LOG.debug("connection is dead", "client", channel().remoteAddress());
            var _ = channel().close();
        } else {
            wired().inbound().ask();
            out().flush();
        }
    }

    /**
     * Asks the client for no new calls, and closes when those under way have ended. From any
     * thread.
     */
    public void shutdown() {
        loop().execute(() -> {
            if (!shuttingDown && !closing) {
                shuttingDown = true;
                // Calls that are on their way are still taken: their number is known with the pong.
                out().goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), new byte[0]);
                wired().inbound().ask();
                out().flush();
            }
        });
    }

    /** The client has answered; after {@link #shutdown} it has seen that it is to go. */
    void answered() {
        if (shuttingDown) {
            out().goAway(wired().inbound().lastStream(), Http2Error.NO_ERROR.code(), new byte[0]);
            wired().inbound().refuseNew();
            written();
        }
    }

    private void endIfIdle() {
        if (shuttingDown && wired().inbound().refusesNew() && streams.isEmpty() && !closing) {
            closing = true;
            LastWords.closeWhenSent(channel());
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        closing = true;
        if (probe != null) {
            probe.cancel(false);
        }
        if (look != null) {
            look.cancel(false);
        }
        allGone("the client is gone");
        out().release();
        reader.close();
    }

    private void allGone(String why) {
        for (ServerStream stream : streams.values().toArray(new ServerStream[0])) {
            stream.gone(why);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof IOException) {
            LOG.debug("connection failed", "cause", cause);
        } else {
            LOG.error("connection failed", cause);
        }
        var _ = context.close();
    }
}
