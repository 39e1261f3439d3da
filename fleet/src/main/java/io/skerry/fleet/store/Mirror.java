package io.skerry.fleet.store;

import io.skerry.base.log.Log;
import io.skerry.fleet.store.FleetStore.Following;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Tells a listener what lies in some ranges and how it changes, for as long as it is open: a
 * listing first, then every change after it, and a listing again when changes were lost or on
 * demand. While the store is away, or refuses, it tries on. The listener is called by several
 * threads, one after the other, and must not block.
 */
public final class Mirror implements AutoCloseable {
    private static final Log LOG = Log.of(Mirror.class);
    private static final Duration RETRY = Duration.ofMillis(300);

    /** What the store refuses it mostly goes on to refuse until somebody has changed rights. */
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(2);

    private final FleetStore store;
    private final List<KeyRange> ranges;
    private final Listener listener;
    private final Thread thread;
    private final ArrayBlockingQueue<Mirror> again = new ArrayBlockingQueue<>(1);

    /** Guarded by this: followings of a round that is over are not listened to. */
    private long round;

    /** Why it cannot list at present, as it was told; empty if it can. Confined to the thread. */
    private String told = "";

    /** Whether the round has ended since the store refuses to go on with it. */
    private volatile boolean refused;

    /** Hears what a mirror sees. */
    public interface Listener {
        /** Everything there is; what was told before is void. */
        void listed(Listing listing);

        /** What has changed since. */
        void changed(List<Change> changes);
    }

    /** A mirror that starts at once. */
    public Mirror(String name, FleetStore store, List<KeyRange> ranges, Listener listener) {
        this.store = store;
        this.ranges = List.copyOf(ranges);
        this.listener = listener;
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** Has everything listed anew. */
    public void refresh() {
        // One that waits already does for both.
        again.offer(this);
    }

    private void run() {
        try {
            while (true) {
                again.clear();
                List<Following> followings = new ArrayList<>();
                try {
                    refused = false;
                    Listing listing = store.list(ranges);
                    heard();
                    long current = begin(listing);
                    for (KeyRange range : ranges) {
                        followings.add(
                                store.follow(range, listing.revision(), new Follower(current)));
                    }
                    again.take();
                    if (refused) {
                        TimeUnit.NANOSECONDS.sleep(AFTER_REFUSAL.toNanos());
                    }
                } catch (RegistryException e) {
                    missed(String.valueOf(e.getMessage()));
                    again.poll(RETRY.toNanos(), TimeUnit.NANOSECONDS);
                } finally {
                    followings.forEach(Following::close);
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** Tells each reason once: somebody without rights is refused at once, and asks on for long. */
    private void missed(String why) {
        if (!why.equals(told)) {
            LOG.warn("cannot list, trying on", "ranges", ranges, "cause", why);
            told = why;
        }
    }

    private void heard() {
        if (!told.isEmpty()) {
            LOG.info("lists again", "ranges", ranges);
            told = "";
        }
    }

    private synchronized long begin(Listing listing) {
        listener.listed(listing);
        return ++round;
    }

    private final class Follower implements FleetStore.Follower {
        private final long mine;

        Follower(long round) {
            this.mine = round;
        }

        @Override
        public void changed(List<Change> changes) {
            synchronized (Mirror.this) {
                if (mine == round) {
                    listener.changed(changes);
                }
            }
        }

        @Override
        public void lost() {
            refresh();
        }

        @Override
        public void refused() {
            refused = true;
            refresh();
        }
    }

    /** Ends it; the listener is not called afterwards. */
    @Override
    public void close() {
        synchronized (this) {
            round++;
        }
        thread.interrupt();
    }
}
