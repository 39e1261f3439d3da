package io.skerry.base.http;

import io.netty.channel.Channel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a client takes too long to ask for something that it has begun to ask for. The head
 * of a request must come in time as a whole, since one that sends a byte now and then would
 * otherwise hold its connection for ever; its body may take its time, as long as there comes more
 * of it. While a client is not listened to, it is not to blame. Confined to the connection's event
 * loop.
 */
final class RequestPatience {
    /**
     * From a request's beginning, or from the connection's, to the end of its head; and without a
     * byte of its body.
     */
    static final long SECONDS = 60;

    private static final long NANOS = TimeUnit.SECONDS.toNanos(SECONDS);

    private enum Awaited {
        NOTHING,
        HEAD,
        BODY
    }

    private final Channel channel;
    private Awaited awaited = Awaited.NOTHING;
    private long sinceNanos;

    /** One look is enough for all requests that come in the meantime. */
    private @Nullable ScheduledFuture<?> look;

    private Runnable stalled;

    RequestPatience(Channel channel) {
        this.channel = channel;
        this.stalled = this::close;
        channel.closeFuture().addListener(_ -> closed());
    }

    /** Who ends the connection when a body stalls, instead of it being closed. */
    void whenBodyStalls(Runnable action) {
        stalled = action;
    }

    private void close() {
        var _ = channel.close();
    }

    private void closed() {
        awaited = Awaited.NOTHING;
        if (look != null) {
            look.cancel(false);
        }
    }

    /** A request begins; the first has begun with its connection. */
    void begun() {
        if (awaited != Awaited.HEAD) {
            await(Awaited.HEAD);
        }
    }

    /** The client was heard, and more of a body is to come. */
    void inBody() {
        await(Awaited.BODY);
    }

    /** The client has said all that it wants. */
    void asked() {
        awaited = Awaited.NOTHING;
    }

    /** The client is listened to again. */
    void listening() {
        sinceNanos = now();
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }

    private void await(Awaited next) {
        awaited = next;
        sinceNanos = now();
        if (look == null && channel.isOpen()) {
            lookAfter(NANOS);
        }
    }

    private void lookAfter(long nanos) {
        look = channel.eventLoop().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        look = null;
        if (!channel.config().isAutoRead()) {
            listening();
        }
        Awaited late = awaited;
        long left = NANOS - (now() - sinceNanos);
        if (late != Awaited.NOTHING && left > 0) {
            lookAfter(left);
            return;
        }
        awaited = Awaited.NOTHING;
        switch (late) {
            case NOTHING -> {}
            case HEAD -> close();
            case BODY -> stalled.run();
        }
    }
}
