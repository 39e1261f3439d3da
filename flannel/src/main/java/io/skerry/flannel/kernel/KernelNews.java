package io.skerry.flannel.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntPredicate;

/**
 * Tells that something has changed in the kernel's network, by whomever: devices, addresses,
 * routes, and entries of some devices. Its thread is a platform thread, as it blocks in the kernel.
 */
public final class KernelNews implements AutoCloseable {
    /** After a closing, the thread ends within that time. */
    private static final long TIMEOUT_MILLIS = 300;

    private final NetlinkSocket socket;
    private final IntPredicate devices;
    private final Runnable changed;
    private final Thread thread;
    private volatile boolean closed;

    private KernelNews(NetlinkSocket socket, IntPredicate devices, Runnable changed, String name) {
        this.socket = socket;
        this.devices = devices;
        this.changed = changed;
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
        var socket = NetlinkSocket.forNews(protocol, groups, TIMEOUT_MILLIS);
        var news = new KernelNews(socket, devices, changed, name);
        news.thread.start();
        return news;
    }

    private void run() {
        try {
            while (!closed) {
                if (concerns()) {
                    changed.run();
                }
            }
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException("cannot hear the kernel's news", e);
            }
        } finally {
            socket.close();
        }
    }

    private boolean concerns() throws IOException {
        try {
            boolean any = false;
            for (NetlinkSocket.Incoming news : socket.next()) {
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
