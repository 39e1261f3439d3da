package io.skerry.fleet.loop;

import io.skerry.base.log.Log;
import io.skerry.base.thread.ThreadEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Runs events one after the other on a virtual thread and, after each batch of them, a turn in
 * which the owner acts on what has changed. Only {@link #tell} may be called by other threads.
 */
public final class EventLoop implements AutoCloseable {
    private static final Log LOG = Log.of(EventLoop.class);

    private final LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final Turn turn;
    private final Thread thread;

    /** What the owner does after each batch of events. */
    @FunctionalInterface
    public interface Turn {
        /** Acts, and returns after what time to do so again though nothing was told. */
        Optional<Duration> take();
    }

    /** A loop that waits for {@link #start}. */
    public EventLoop(String name, Turn turn) {
        this.turn = turn;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Begins with a turn. */
    public void start() {
        thread.start();
    }

    /** Has the event run on the loop's thread. */
    public void tell(Runnable event) {
        events.add(event);
    }

    private void run() {
        try {
            List<Runnable> batch = new ArrayList<>();
            while (!Thread.currentThread().isInterrupted()) {
                Optional<Duration> pause = guarded();
                Runnable first =
                        pause.isEmpty()
                                ? events.take()
                                : events.poll(pause.get().toNanos(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    batch.add(first);
                    events.drainTo(batch);
                    batch.forEach(this::runGuarded);
                    batch.clear();
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** A bug in one event must not end the agent of a host; it is told and the loop goes on. */
    private void runGuarded(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.error("event failed", "loop", thread.getName(), e);
        }
    }

    private Optional<Duration> guarded() {
        try {
            return turn.take();
        } catch (RuntimeException e) {
            LOG.error("turn failed", "loop", thread.getName(), e);
            return Optional.of(Duration.ofSeconds(1));
        }
    }

    /** Ends the loop and returns when it has ended; events still waiting are dropped. */
    @Override
    public void close() {
        thread.interrupt();
        ThreadEnd.await(thread);
    }
}
