package io.skerry.flannel.kernel;

import io.skerry.base.log.Log;
import io.skerry.base.thread.SteadyLoop;
import java.io.IOException;
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

    private static final long RETRY_MILLIS = 1_000;

    private final Source source;
    private final IntPredicate devices;
    private final Runnable changed;
    private final Thread thread;
    private volatile boolean closed;

    /** Null while it cannot be opened again; confined to the thread. */
    private @Nullable NetlinkSocket socket;

    /** Where news come from. */
    private record Source(int protocol, int groups) {
        NetlinkSocket open() throws IOException {
            return NetlinkSocket.forNews(protocol, groups, TIMEOUT_MILLIS);
        }
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
        return start(Netlink.ROUTE, Netlink.ROUTE_GROUPS, devices, changed, "flannel-network-news");
    }

    /** The same for nftables' rules. */
    public static KernelNews ofRules(Runnable changed) throws IOException {
        return start(
                Netlink.NETFILTER,
                Netlink.NFTABLES_GROUP,
                _ -> false,
                changed,
                "flannel-rules-news");
    }

    private static KernelNews start(
            int protocol, int groups, IntPredicate devices, Runnable changed, String name)
            throws IOException {
        var news = new KernelNews(new Source(protocol, groups), devices, changed, name);
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
            NetlinkSocket open = socket;
            if (open == null) {
                open = source.open();
                socket = open;
                changed.run(); // nobody knows what was missed
            }
            if (concerns(open)) {
                changed.run();
            }
        } catch (IOException e) {
            LOG.warn("cannot hear the kernel's news, trying again", "cause", e.getMessage());
            closeSocket();
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
        return !closed;
    }

    private void closeSocket() {
        NetlinkSocket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }

    private boolean concerns(NetlinkSocket open) throws IOException {
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
    }
}
