package io.skerry.flannel.proxy;

import io.skerry.base.log.Log;
import io.skerry.base.thread.ThreadEnd;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.kernel.IpSocket;
import io.skerry.flannel.kernel.Tun;
import io.skerry.flannel.kernel.UdpSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Carries packets between a TUN device and a socket, a platform thread for each direction. It
 * belongs to the network namespace of the thread that opens it.
 */
public final class UdpProxy implements AutoCloseable {
    private static final Log LOG = Log.of(UdpProxy.class);

    private final Arena arena = Arena.ofShared();
    private final Tun tun;
    private final UdpSocket socket;
    private final @Nullable IpSocket answers;
    private final Runnable broken;
    private final Tally tally = Tally.begin();
    private final List<Thread> threads;
    private volatile ForwardingTable table = ForwardingTable.UNKNOWN;
    private final AtomicBoolean closed = new AtomicBoolean();
    private boolean released;

    private UdpProxy(Tun tun, UdpSocket socket, int port, Runnable broken) {
        this.tun = tun;
        this.socket = socket;
        this.answers = LostSenders.open();
        this.broken = broken;
        var batch = new OutgoingBatch(arena, socket, UdpSocket.name(port), tally);
        var lost = new LostSenders(arena, answers, System::nanoTime);
        var out = new OutgoingPath(arena, tun, socket, batch, () -> table, lost, tally);
        var in = new IncomingPath(arena, tun, socket, tally);
        threads =
                List.of(thread("flannel-udp-out", out::carry), thread("flannel-udp-in", in::carry));
    }

    /** What a thread does again and again. */
    @FunctionalInterface
    private interface Step {
        void carry() throws IOException;
    }

    private Thread thread(String name, Step step) {
        return Thread.ofPlatform().daemon().name(name).unstarted(() -> run(step));
    }

    /**
     * Attaches to a device and begins to carry.
     *
     * @param local where packets of other hosts arrive
     * @param port the same on all hosts
     * @param broken called once, by a thread of the proxy, when the device is gone; close it then,
     *     but not within that call
     */
    public static UdpProxy open(String device, Ip4 local, int port, Runnable broken)
            throws IOException {
        return open(device, local, port, true, broken);
    }

    /**
     * The same.
     *
     * @param offloads whether to hand many packets to the kernel at once where it can
     */
    static UdpProxy open(String device, Ip4 local, int port, boolean offloads, Runnable broken)
            throws IOException {
        UdpSocket socket = UdpSocket.open(local, port, offloads);
        try {
            Tun tun = offloads ? Tun.attachWithOffloads(device) : Tun.attach(device);
            var proxy = new UdpProxy(tun, socket, port, broken);
            proxy.threads.forEach(Thread::start);
            return proxy;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Says where subnets are; subnets must not overlap. Until it was said once, packets are dropped
     * and their senders not told.
     */
    public void forward(Map<Cidr4, Ip4> hostBySubnet) {
        table = new ForwardingTable(hostBySubnet);
    }

    /** Packets sent to other hosts. */
    public long sent() {
        return tally.sent().sum();
    }

    /** Packets that came from other hosts. */
    public long received() {
        return tally.received().sum();
    }

    /** Packets for addresses that nobody has, and what is no packet. */
    public long dropped() {
        return tally.dropped().sum();
    }

    private void run(Step step) {
        try {
            while (!closed.get()) {
                step.carry();
            }
        } catch (IOException e) {
            end(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // One direction alone is of no use, and nobody else would have it begin anew.
            LOG.error("a packet cannot be carried", e);
            end(e.toString());
        }
    }

    private void end(String cause) {
        if (stop()) {
            LOG.warn("carrying packets ended and begins anew", "cause", cause);
            broken.run();
        }
    }

    /** Has both threads end; whether they were not told already. */
    private boolean stop() {
        boolean first = closed.compareAndSet(false, true);
        socket.shutdown();
        return first;
    }

    /** Returns when nothing is carried any more, and device and port are free. */
    @Override
    public synchronized void close() {
        if (released) {
            return;
        }
        stop();
        released = true;
        // The number of a closed file may be another file's soon: nobody may use it any more.
        threads.forEach(ThreadEnd::await);
        tun.close();
        socket.close();
        if (answers != null) {
            answers.close();
        }
        arena.close();
    }
}
