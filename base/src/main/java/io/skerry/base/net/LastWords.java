package io.skerry.base.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Lets a client that was refused hear why: in its TLS handshake, or within a request of which it
 * still sends. A socket that is closed with bytes unread, or is sent more, resets the connection:
 * the client, which goes on sending meanwhile, would then fail to write and never read what it was
 * told. So what it still sends is taken and dropped until it has closed, or a moment has passed.
 * The same goes for one whose last answer may not have reached it yet. The first handler of a
 * server's connection. Confined to its event loop.
 */
public final class LastWords extends ChannelDuplexHandler {
    private static final long SECONDS = 10;

    /** Of one that has all its answers, and only has to see the end behind them. */
    private static final long FAREWELL_SECONDS = 1;

    private boolean announced;
    private boolean farewell;
    private boolean said;
    private boolean hurried;

    /**
     * What is written before the next close are last words, while the client may still be sending.
     * To be called on the channel's event loop.
     */
    public static void announce(Channel channel) {
        LastWords words = channel.pipeline().get(LastWords.class);
        if (words != null) {
            words.announced = true;
        }
    }

    /**
     * Closes once all that was written has left. The client is heard out even when it is hurried:
     * bytes of it that nobody reads would otherwise reset the connection behind its last answer. To
     * be called on the channel's event loop.
     */
    public static void closeWhenSent(Channel channel) {
        // The empty write ends when all before it has left.
        var _ =
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(_ -> {
                            LastWords words = channel.pipeline().get(LastWords.class);
                            if (words != null) {
                                words.farewell = true;
                            }
                            var _ = channel.close();
                        });
    }

    /** From any thread: a client that is being listened to in vain is left at once. */
    public static void hurry(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(LastWords.class);
        if (context != null) {
            context.executor().execute(() -> ((LastWords) context.handler()).hurry(context));
        }
    }

    private void hurry(ChannelHandlerContext context) {
        hurried = true;
        if (said) {
            cut(context);
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (!said && !listens(context)) {
            var _ = context.close(promise);
            return;
        }
        if (!said) {
            said = true;
            context.channel().config().setAutoRead(true);
            var _ = ((DuplexChannel) context.channel()).shutdownOutput();
            long most = farewell ? FAREWELL_SECONDS : SECONDS;
            var end = context.executor().schedule(() -> cut(context), most, TimeUnit.SECONDS);
            context.channel().closeFuture().addListener(_ -> end.cancel(false));
        }
        context.channel().closeFuture().addListener(_ -> promise.trySuccess());
    }

    private boolean listens(ChannelHandlerContext context) {
        return (farewell || (!hurried && (announced || refused(context))))
                && context.channel() instanceof DuplexChannel duplex
                && !duplex.isInputShutdown();
    }

    private static boolean refused(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        return tls != null && tls.handshakeFuture().cause() != null;
    }

    private static void cut(ChannelHandlerContext context) {
        var _ = context.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (said) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (said && event instanceof ChannelInputShutdownEvent) {
            cut(context);
        } else {
            context.fireUserEventTriggered(event);
        }
    }
}
