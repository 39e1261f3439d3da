package io.skerry.base.http;

import io.netty.channel.Channel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a client sends nothing more of a request's body that it has begun. One that goes on,
 * however slowly, may take its time. Confined to the connection's event loop.
 */
final class BodyPatience {
    /** Without a byte. */
    static final long SECONDS = 60;

    private final Channel channel;
    private final Runnable stalled;
    private boolean inBody;

    /** One look is enough for all bodies that come in the meantime. */
    private boolean looking;

    private long heardNanos;
    private @Nullable ScheduledFuture<?> next;

    /**
     * @param stalled is told, and ends the connection
     */
    BodyPatience(Channel channel, Runnable stalled) {
        this.channel = channel;
        this.stalled = stalled;
        channel.closeFuture().addListener(_ -> closed());
    }

    private void closed() {
        if (next != null) {
            next.cancel(false);
        }
    }

    /**
     * The client was heard.
     *
     * @param now whether more of a body is to come
     */
    void heard(boolean now) {
        inBody = now;
        if (now) {
            heardNanos = channel.eventLoop().ticker().nanoTime();
            if (!looking && channel.isOpen()) {
                looking = true;
                lookAfter(TimeUnit.SECONDS.toNanos(SECONDS));
            }
        }
    }

    private void lookAfter(long nanos) {
        next = channel.eventLoop().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        looking = false;
        if (!inBody) {
            return;
        }
        if (!channel.config().isAutoRead()) {
            // A client that is not listened to is not to blame.
            heard(true);
            return;
        }
        long silent = channel.eventLoop().ticker().nanoTime() - heardNanos;
        long left = TimeUnit.SECONDS.toNanos(SECONDS) - silent;
        if (left <= 0) {
            inBody = false;
            stalled.run();
        } else {
            looking = true;
            lookAfter(left);
        }
    }
}
