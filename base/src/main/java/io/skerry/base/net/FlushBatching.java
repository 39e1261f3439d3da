package io.skerry.base.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Lets the responses that one turn of an event loop writes to a connection leave in one system call
 * (and one TLS record): under load that is most of a server's CPU time.
 */
public final class FlushBatching {
    private static final int MAX_FLUSHES = 256;

    private FlushBatching() {}

    /** Called once for a new connection on its event loop. */
    public static void enable(HttpConnection connection) {
        // HTTP/1 and HTTP/2 connections of servers are; Vert.x' client wraps its own.
        if (!(connection instanceof ConnectionBase base)) {
            return;
        }
        Channel channel = base.channel();
        ChannelPipeline pipeline = channel.pipeline();
        var batching = new FlushConsolidationHandler(MAX_FLUSHES, true);
        if (pipeline.get(SslHandler.class) != null) {
            pipeline.addAfter(
                    pipeline.context(SslHandler.class).name(), "flush-batching", batching);
        } else {
            pipeline.addFirst("flush-batching", batching);
        }
    }
}
