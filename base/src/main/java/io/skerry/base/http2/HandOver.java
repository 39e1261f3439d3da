package io.skerry.base.http2;

import io.netty.channel.EventLoop;
import io.skerry.base.log.Log;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Takes tasks from any thread to an event loop: whatever piles up while the loop is busy costs one
 * wake-up and no object. It is a stack that the loop takes whole and turns over, so tasks of one
 * thread keep their order.
 */
final class HandOver {
    private static final Log LOG = Log.of(HandOver.class);

    private final EventLoop loop;
    private final AtomicReference<@Nullable LoopTask> last = new AtomicReference<>();
    private final Runnable drain = this::drain;

    HandOver(EventLoop loop) {
        this.loop = loop;
    }

    void add(LoopTask task) {
        LoopTask before = last.get();
        task.before = before;
        while (!last.compareAndSet(before, task)) {
            before = last.get();
            task.before = before;
        }
        // Whoever finds it empty wakes the loop; all others find that already done.
        if (before == null) {
            loop.execute(drain);
        }
    }

    private void drain() {
        LoopTask newest = last.getAndSet(null);
        LoopTask oldest = null;
        while (newest != null) {
            LoopTask next = newest.before;
            newest.before = oldest;
            oldest = newest;
            newest = next;
        }
        while (oldest != null) {
            LoopTask next = oldest.before;
            oldest.before = null;
            try {
                oldest.onLoop();
            } catch (RuntimeException e) {
                // A bug in one must not lose the others.
                LOG.error("a task of a connection failed", e);
            }
            oldest = next;
        }
    }
}
