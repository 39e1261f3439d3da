package io.skerry.flannel.proxy;

import io.skerry.base.log.Log;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.kernel.Libc;
import io.skerry.flannel.kernel.Tun;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Carries packets between a TUN device and a socket, a platform thread for each direction. It
 * belongs to the network namespace of the thread that opens it.
 */
public final class UdpProxy implements AutoCloseable {
    private static final Log LOG = Log.of(UdpProxy.class);

    /** After a closing, the threads end within that time. */
    private static final int WAIT_MILLIS = 300;

    private static final int MOST_BYTES = 65_536;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final int LEAST_HEADER_BYTES = 20;
    private static final int DESTINATION_AT = 16;
    private static final int VERSION_4 = 4;

    private final Tun tun;
    private final DatagramChannel socket;
    private final int port;
    private final Runnable broken;
    private final Thread incoming;
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile ForwardingTable table = ForwardingTable.EMPTY;
    private volatile boolean closed;

    private UdpProxy(Tun tun, DatagramChannel socket, int port, Runnable broken) {
        this.tun = tun;
        this.socket = socket;
        this.port = port;
        this.broken = broken;
        this.incoming =
                Thread.ofPlatform().daemon().name("flannel-udp-in").unstarted(this::carryIn);
    }

    /**
     * Attaches to a device and begins to carry.
     *
     * @param local where packets of other hosts arrive
     * @param port the same on all hosts
     * @param broken called once, by a thread of the proxy, when the device is gone; close it then
     */
    public static UdpProxy open(String device, Ip4 local, int port, Runnable broken)
            throws IOException {
        DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            socket.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
            socket.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
            socket.bind(new InetSocketAddress(local.toString(), port));
            var proxy = new UdpProxy(Tun.attach(device), socket, port, broken);
            proxy.incoming.start();
            Thread.ofPlatform().daemon().name("flannel-udp-out").start(proxy::carryOut);
            return proxy;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Says where subnets are; subnets must not overlap. */
    public void forward(Map<Cidr4, Ip4> hostBySubnet) {
        table = new ForwardingTable(hostBySubnet, port);
    }

    /** Packets sent to other hosts. */
    public long sent() {
        return sent.sum();
    }

    /** Packets that came from other hosts. */
    public long received() {
        return received.sum();
    }

    /** Packets for addresses that nobody has, and what is no packet. */
    public long dropped() {
        return dropped.sum();
    }

    private void carryOut() {
        var libc = new Libc();
        MemorySegment packet = Arena.ofAuto().allocate(MOST_BYTES);
        ByteBuffer bytes = packet.asByteBuffer();
        try {
            while (!closed) {
                long count = libc.read(tun.fileDescriptor(), packet);
                if (count == -Libc.EINTR || count == -Libc.EAGAIN) {
                    libc.awaitReadable(tun.fileDescriptor(), WAIT_MILLIS);
                    continue;
                }
                if (count <= 0) {
                    throw new IOException("the device is gone, errno " + -count);
                }
                send(bytes.clear().limit((int) count));
            }
        } catch (IOException e) {
            end(e);
        } finally {
            close();
            // The number of a closed file may be another file's soon: nobody may use it any more.
            joinIncoming();
            tun.close();
        }
    }

    private void joinIncoming() {
        boolean interrupted = false;
        while (incoming.isAlive()) {
            try {
                incoming.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(ByteBuffer packet) throws IOException {
        InetSocketAddress host =
                packet.limit() < LEAST_HEADER_BYTES || packet.get(0) >> 4 != VERSION_4
                        ? null
                        : table.find(packet.getInt(DESTINATION_AT));
        if (host == null) {
            dropped.increment();
            return;
        }
        try {
            socket.send(packet, host);
            sent.increment();
        } catch (AsynchronousCloseException e) {
            throw e;
        } catch (IOException e) {
            // This host cannot be reached now; others can.
            dropped.increment();
            LOG.debug("packet could not be sent", "host", host, "cause", e.getMessage());
        }
    }

    private void carryIn() {
        var libc = new Libc();
        MemorySegment packet = Arena.ofAuto().allocate(MOST_BYTES);
        ByteBuffer bytes = packet.asByteBuffer();
        try {
            while (!closed) {
                socket.receive(bytes.clear());
                int count = bytes.position();
                if (count < LEAST_HEADER_BYTES
                        || libc.write(tun.fileDescriptor(), packet.asSlice(0, count)) < 0) {
                    dropped.increment();
                } else {
                    received.increment();
                }
            }
        } catch (IOException e) {
            end(e);
        }
    }

    private void end(IOException cause) {
        if (!closed) {
            LOG.warn("carrying packets ended and begins anew", "cause", cause.getMessage());
            broken.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException e) {
            LOG.warn("the proxy's socket did not close", "cause", e.getMessage());
        }
    }
}
