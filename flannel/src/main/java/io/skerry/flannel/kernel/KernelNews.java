package io.skerry.flannel.kernel;

import io.skerry.base.log.Log;
import io.skerry.base.thread.SteadyLoop;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells that something has changed in the kernel's network, by whomever: devices, addresses,
 * routes, and entries of some devices. Its thread is a platform thread, as it blocks in the kernel.
 */
public final class KernelNews implements AutoCloseable {
    private static final Log LOG = Log.of(KernelNews.class);

    /** After a closing, the thread ends within that time. */
    private static final long TIMEOUT_MILLIS = 300;

    private static final long LEAST_RETRY_MILLIS = 1_000;
    private static final long MOST_RETRY_MILLIS = 30_000;

    private final Source source;
    private final IntPredicate devices;
    private final Runnable changed;
    private final Thread thread;
    private volatile boolean closed;

    // Confined to the thread.
    /** Null while it cannot be opened again. */
    private @Nullable Stream socket;

    /** Attempts to hear that failed since it heard last. */
    private int failures;

    /** Where news come from. */
    @FunctionalInterface
    interface Source {
        Stream open() throws IOException;

        static Source of(int protocol, int groups) {
            return () -> NetlinkSocket.forNews(protocol, groups, TIMEOUT_MILLIS);
        }
    }

    /** News one after the other; for one thread. */
    interface Stream extends AutoCloseable {
        /** What has come; empty if nothing came for a while. */
        List<NetlinkSocket.Incoming> next() throws IOException;

        @Override
        void close();
    }

    private KernelNews(Source source, IntPredicate devices, Runnable changed, String name)
            throws IOException {
        this.source = source;
        this.devices = devices;
        this.changed = changed;
        this.socket = source.open();
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /**
     * Begins to listen, in the network namespace of the calling thread.
     *
     * @param devices tells by their numbers the devices whose neighbour and forwarding entries are
     *     of interest; those of others change all the time
     * @param changed called by a thread of its own
     */
    public static KernelNews ofNetwork(IntPredicate devices, Runnable changed) throws IOException {
        return start(
                Source.of(Netlink.ROUTE, Netlink.ROUTE_GROUPS),
                devices,
                changed,
                "flannel-network-news");
    }

    /** The same for nftables' rules. */
    public static KernelNews ofRules(Runnable changed) throws IOException {
        return start(
                Source.of(Netlink.NETFILTER, Netlink.NFTABLES_GROUP),
                _ -> false,
                changed,
                "flannel-rules-news");
    }

    static KernelNews start(Source source, IntPredicate devices, Runnable changed, String name)
            throws IOException {
        var news = new KernelNews(source, devices, changed, name);
        news.thread.start();
        return news;
    }

    private void run() {
        try {
            SteadyLoop.run(thread.getName(), this::turn);
        } finally {
            closeSocket();
        }
    }

    private boolean turn() throws InterruptedException {
        try {
            Stream open = socket;
            if (open == null) {
                open = source.open();
                socket = open;
                changed.run(); // nobody knows what was missed
            }
            boolean concerns = concerns(open);
            heard();
            if (concerns) {
                changed.run();
            }
        } catch (IOException e) {
            closeSocket();
            missed(e);
        }
        return !closed;
    }

    private void heard() {
        if (failures > 0) {
            LOG.info("hears the kernel's news again", "of", thread.getName(), "failures", failures);
            failures = 0;
        }
    }

    /** Told once; whoever waits for news looks by itself from time to time. */
    private void missed(IOException cause) throws InterruptedException {
        if (failures == 0) {
            LOG.warn(
                    "cannot hear the kernel's news, trying again and again",
                    "of",
                    thread.getName(),
                    "cause",
                    cause.getMessage());
        }
        TimeUnit.MILLISECONDS.sleep(retryMillis(failures++));
    }

    /**
     * How long to wait before the next attempt.
     *
     * @param failed how many there were before that one
     */
    static long retryMillis(int failed) {
        return Math.min(MOST_RETRY_MILLIS, LEAST_RETRY_MILLIS << Math.min(failed, Short.SIZE));
    }

    private void closeSocket() {
        Stream open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }

    private boolean concerns(Stream open) throws IOException {
        try {
            boolean any = false;
            for (NetlinkSocket.Incoming news : open.next()) {
                boolean entry = news.type() == Netlink.NEWNEIGH || news.type() == Netlink.DELNEIGH;
                any |= !entry || devices.test(NeighbourMessages.device(news.body()));
            }
            return any;
        } catch (ErrnoException e) {
            if (e.errno() == Libc.ENOBUFS) {
                return true; // too much at once: something of it is ours
            }
            throw e;
        }
    }

    /** Ends soon; the listener may be called once more. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt(); // it may be waiting for the next attempt
    }
}
