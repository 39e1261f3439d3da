package io.skerry.base.http;

import io.netty.channel.Channel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client takes too long to ask for something that it has begun to ask
 * for. One that sends a byte now and then would otherwise hold its connection for ever. Confined to
 * the connection's event loop.
 */
final class RequestPatience {
    /** From a request's beginning, or from the connection's, to the end of the request's head. */
    static final long SECONDS = 60;

    private final Channel channel;
    private @Nullable ScheduledFuture<?> end;

    RequestPatience(Channel channel) {
        this.channel = channel;
        channel.closeFuture().addListener(_ -> asked());
    }

    /** A request begins; those that have begun before go on to count from their own beginning. */
    void begun() {
        if (end == null && channel.isOpen()) {
            end = channel.eventLoop().schedule(this::lost, SECONDS, TimeUnit.SECONDS);
        }
    }

    /** A client that is not listened to, since it has sent ahead, is not to blame. */
    private void lost() {
        if (channel.config().isAutoRead()) {
            var _ = channel.close();
        } else {
            end = null;
            begun();
        }
    }

    /** The client has said what it wants. */
    void asked() {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
    }
}
