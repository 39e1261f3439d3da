package io.skerry.fleet.api;

import io.skerry.base.log.Log;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.RegistryException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a view of the cluster fresh for as long as somebody watches, however many do. One virtual
 * thread reads the registry anew after each change; changes that come while it reads, and for three
 * times as long after, are read together. Without watchers it does nothing and asks nothing of the
 * store.
 */
final class ClusterFeed implements AutoCloseable {
    private static final Log LOG = Log.of(ClusterFeed.class);
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final int RESTS = 3;
    private static final Duration LONGEST_REST = Duration.ofMillis(250);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(250);

    private final Registry registry;

    /** Guards everything below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition newView = lock.newCondition();
    private FeedView view = FeedView.NOTHING;
    private long published;
    private int watchers;
    private @Nullable Thread reader;
    private boolean closed;

    ClusterFeed(Registry registry) {
        this.registry = registry;
    }

    /** One who watches, on one thread. */
    final class Watcher implements AutoCloseable {
        private FeedView seen = FeedView.NOTHING;
        private long atLeast;
        private long seenPublication;

        private Watcher(long atLeast) {
            this.atLeast = atLeast;
        }

        /** What the last {@link #next} gave; nothing at first. */
        FeedView seen() {
            return seen;
        }

        /** The next newer view, or null when none came in time or the feed has closed. */
        @Nullable FeedView next(Duration timeout) throws InterruptedException {
            long nanos = timeout.toNanos();
            lock.lockInterruptibly();
            try {
                while (!closed && (published == seenPublication || view.revision() < atLeast)) {
                    if (nanos <= 0) {
                        return null;
                    }
                    nanos = newView.awaitNanos(nanos);
                }
                if (closed) {
                    return null;
                }
                seen = view;
                seenPublication = published;
                atLeast = 0;
                return seen;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                watchers--;
                if (watchers == 0) {
                    stopReading();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** The revision that a watcher who begins now must not be behind. */
    long revision() throws RegistryException {
        return registry.revision();
    }

    /** Begins to watch; the first view is at least of that revision. */
    Watcher watch(long atLeast) {
        lock.lock();
        try {
            watchers++;
            if (reader == null && !closed) {
                reader = Thread.ofVirtual().name("fleet-feed").start(this::read);
            }
        } finally {
            lock.unlock();
        }
        return new Watcher(atLeast);
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all watching at once. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            stopReading();
            newView.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void stopReading() {
        if (reader != null) {
            reader.interrupt();
            reader = null;
        }
    }

    private void read() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                readOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody watches any more
        }
    }

    private void readOnce() throws InterruptedException {
        try {
            long begun = System.nanoTime();
            // The snapshot's revision is the older one: a state that changed after it is read
            // again, never missed.
            var snapshot = registry.snapshot();
            var fresh = FeedView.of(snapshot, registry.states());
            publish(fresh);
            long took = System.nanoTime() - begun;
            while (!registry.awaitAnyChange(fresh.revision(), WAIT)) {
                LOG.debug("nothing changed", "revision", fresh.revision());
            }
            // While many units start, the time is theirs: a quarter of it goes into telling of it.
            TimeUnit.NANOSECONDS.sleep(Math.min(RESTS * took, LONGEST_REST.toNanos()));
        } catch (RegistryException e) {
            if (Thread.currentThread().isInterrupted()) {
                return; // the last reader has gone, which is not the store's fault
            }
            LOG.warn("feed cannot read the store, tries again", "error", e.getMessage());
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE.toMillis());
        } catch (RuntimeException e) {
            // A bug must not leave all who watch without news for ever.
            LOG.error("feed failed, tries again", e);
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE.toMillis());
        }
    }

    private void publish(FeedView fresh) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            view = fresh;
            published++;
            newView.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
