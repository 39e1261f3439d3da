package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Sends echo requests to one host that no router may take apart, however long they are, and waits
 * for their answers. It belongs to the network namespace of the thread that opens it, which needs
 * the right to open raw sockets; one thread may use it.
 */
public final class EchoSocket implements AutoCloseable {
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int ICMP = 1;
    private static final int ICMP_V6 = 58;
    private static final int IP_LEVEL = 0;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IPV6_LEVEL = 41;
    private static final int IPV6_MTU_DISCOVER = 23;

    /** Packets are not taken apart, and what is known of the path is not asked. */
    private static final int PROBE = 3;

    private static final int REQUEST = 8;
    private static final int REQUEST_V6 = 128;
    private static final int REPLY = 0;
    private static final int REPLY_V6 = 129;
    private static final int HEADER_BYTES = 8;
    private static final int IPV4_HEADER_BYTES = 20;
    private static final int IPV6_HEADER_BYTES = 40;
    private static final int RECEIVE_BYTES = 1 << 16;

    /** Packets that are looked at after the time is over, while others keep coming. */
    private static final int MOST_LATE = 256;

    private final Libc libc = new Libc();
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment received = arena.allocate(RECEIVE_BYTES);
    private final Family family;
    private final short identifier;
    private final int fd;
    private short sequence;

    private EchoSocket(Ip host, short identifier) throws IOException {
        family = host.family();
        this.identifier = identifier;
        boolean ipv4 = family == Family.IPV4;
        fd = libc.socket(Netlink.number(family), SOCK_RAW_CLOEXEC, ipv4 ? ICMP : ICMP_V6);
        try {
            libc.setOption(
                    fd,
                    ipv4 ? IP_LEVEL : IPV6_LEVEL,
                    ipv4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER,
                    arena.allocateFrom(ValueLayout.JAVA_INT, PROBE));
            byte[] address = SocketAddresses.of(host, 0);
            libc.connect(fd, arena.allocateFrom(ValueLayout.JAVA_BYTE, address));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens one.
     *
     * @param identifier by which answers are known from those to others on this machine
     */
    public static EchoSocket to(Ip host, short identifier) throws IOException {
        return new EchoSocket(host, identifier);
    }

    /**
     * Whether a request is answered.
     *
     * @param bytes how long it is with its IP header
     * @return false also when it is too long for the interface, or a router says so of a further
     *     one
     */
    public boolean isAnswered(int bytes, Duration patience) throws IOException {
        short number = ++sequence;
        long end = System.nanoTime() + patience.toNanos();
        try (Arena sending = Arena.ofConfined()) {
            libc.send(fd, sending.allocateFrom(ValueLayout.JAVA_BYTE, request(bytes, number)));
        } catch (ErrnoException e) {
            return false; // too long, or no way there now
        }
        int late = 0;
        while (true) {
            long left = end - System.nanoTime();
            libc.awaitReadable(fd, left > 0 ? (int) (left / 1_000_000) + 1 : 0);
            long count = libc.receiveNow(fd, received);
            if (count < 0 && count != -Libc.EAGAIN && count != -Libc.EINTR) {
                return false; // a router's word
            }
            if (count > 0 && isReply(received.asSlice(0, count).asByteBuffer(), number)) {
                return true;
            }
            // What came while this thread had to wait for the processor came in time.
            if (left <= 0 && (count <= 0 || ++late > MOST_LATE)) {
                return false;
            }
        }
    }

    private byte[] request(int bytes, short number) {
        boolean ipv4 = family == Family.IPV4;
        int length = bytes - (ipv4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES);
        var buffer =
                ByteBuffer.allocate(length)
                        .put((byte) (ipv4 ? REQUEST : REQUEST_V6))
                        .put((byte) 0)
                        .putShort((short) 0)
                        .putShort(identifier)
                        .putShort(number);
        if (ipv4) {
            buffer.putShort(2, checksum(buffer)); // that of IPv6 is the kernel's to make
        }
        return buffer.array();
    }

    /** Of the header, as all that follows it is zeros. */
    private static short checksum(ByteBuffer header) {
        int sum = 0;
        for (int at = 0; at < HEADER_BYTES; at += Short.BYTES) {
            sum += header.getShort(at) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~((sum & 0xffff) + (sum >>> 16));
    }

    /** Packets of IPv4 come with their header, those of IPv6 without. */
    private boolean isReply(ByteBuffer packet, short number) {
        boolean ipv4 = family == Family.IPV4;
        int at = ipv4 ? (packet.get(0) & 0xf) * Integer.BYTES : 0;
        return packet.limit() >= at + HEADER_BYTES
                && (packet.get(at) & 0xff) == (ipv4 ? REPLY : REPLY_V6)
                && packet.getShort(at + 4) == identifier
                && packet.getShort(at + 6) == number;
    }

    @Override
    public void close() {
        libc.close(fd);
        arena.close();
    }
}
