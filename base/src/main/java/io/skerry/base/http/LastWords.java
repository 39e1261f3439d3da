package io.skerry.base.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Lets a client that was refused in its TLS handshake hear why. A socket that is closed with bytes
 * unread, or is sent more, resets the connection: the client, which goes on with its handshake or
 * its request meanwhile, would then fail to write and never read the alert. So what it still sends
 * is taken and dropped until it has closed, or a moment has passed. Before the TLS handler.
 */
final class LastWords extends ChannelDuplexHandler {
    private static final long SECONDS = 2;

    private boolean said;

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (!said && !(refused(context) && context.channel() instanceof DuplexChannel)) {
            var _ = context.close(promise);
            return;
        }
        if (!said) {
            said = true;
            var _ = ((DuplexChannel) context.channel()).shutdownOutput();
            var end = context.executor().schedule(() -> cut(context), SECONDS, TimeUnit.SECONDS);
            context.channel().closeFuture().addListener(_ -> end.cancel(false));
        }
        context.channel().closeFuture().addListener(_ -> promise.trySuccess());
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
}
