package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Ip4;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A socket for datagrams of IPv4 at an address of this host, with room for many. Where the kernel
 * can, it takes and gives a row of datagrams of one length as one message.
 */
public final class UdpSocket implements AutoCloseable {
    /** In C's {@code cmsghdr}, what rows are told by. */
    public static final int LEVEL_UDP = 17;

    public static final int UDP_SEGMENT = 103;
    public static final int UDP_GRO = 104;

    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int LEVEL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_RCVTIMEO = 20;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int LEVEL_IP = 0;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IP_PMTUDISC_OMIT = 5;
    private static final int IP_PMTUDISC_DONT = 0;

    private final Libc libc = new Libc();
    private final int fd;
    private final boolean sendsRows;

    private UdpSocket(Ip4 local, int port, boolean rows) throws IOException {
        fd = libc.socket(Netlink.AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        try (Arena arena = Arena.ofConfined()) {
            buffer(arena, SO_RCVBUFFORCE, SO_RCVBUF);
            buffer(arena, SO_SNDBUFFORCE, SO_SNDBUF);
            libc.setOption(
                    fd,
                    LEVEL_SOCKET,
                    SO_RCVTIMEO,
                    arena.allocateFrom(ValueLayout.JAVA_LONG, 1, 0)); // seconds, microseconds
            letBeTakenApart(arena);
            // Leaves messages that name no length of their own alone; asks whether it is known.
            sendsRows = rows && accepts(arena, UDP_SEGMENT, 0);
            if (rows) {
                accepts(arena, UDP_GRO, 1);
            }
            libc.bind(
                    fd, arena.allocateFrom(ValueLayout.JAVA_BYTE, SocketAddresses.of(local, port)));
        } catch (IOException e) {
            libc.close(fd);
            throw e;
        }
    }

    /**
     * Opens one; who waits for something to come is woken every second.
     *
     * @param rows whether to use rows of datagrams at all
     */
    public static UdpSocket open(Ip4 local, int port, boolean rows) throws IOException {
        return new UdpSocket(local, port, rows);
    }

    /** C's {@code sockaddr_in} with a port; four bytes from the fifth on are for the address. */
    public static byte[] name(int port) {
        return SocketAddresses.of(new Ip4(0), port);
    }

    /** Beyond the limit that the machine sets where that is allowed. */
    private void buffer(Arena arena, int forced, int limited) throws IOException {
        MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, BUFFER_BYTES);
        try {
            libc.setOption(fd, LEVEL_SOCKET, forced, size);
        } catch (ErrnoException e) {
            libc.setOption(fd, LEVEL_SOCKET, limited, size);
        }
    }

    /**
     * What is carried is a network of its own, whose packets are as long as the hosts' interfaces
     * can take. Where a path is narrower, the default would have routers drop all that is long, and
     * for good if their word of it does not come through; so routers may take datagrams apart, as
     * those of vxlan. And what the kernel has learnt of a path, or was made to believe, must not
     * have it refuse rows: only the interface's own length counts.
     */
    private void letBeTakenApart(Arena arena) throws IOException {
        try {
            libc.setOption(
                    fd,
                    LEVEL_IP,
                    IP_MTU_DISCOVER,
                    arena.allocateFrom(ValueLayout.JAVA_INT, IP_PMTUDISC_OMIT));
        } catch (ErrnoException e) { // older than Linux 3.15
            libc.setOption(
                    fd,
                    LEVEL_IP,
                    IP_MTU_DISCOVER,
                    arena.allocateFrom(ValueLayout.JAVA_INT, IP_PMTUDISC_DONT));
        }
    }

    private boolean accepts(Arena arena, int option, int value) throws IOException {
        try {
            libc.setOption(fd, LEVEL_UDP, option, arena.allocateFrom(ValueLayout.JAVA_INT, value));
            return true;
        } catch (ErrnoException e) {
            return false; // an older kernel
        }
    }

    /** Whether a message may be a row of datagrams; a kernel that cannot would send one large. */
    public boolean sendsRows() {
        return sendsRows;
    }

    /** The open socket, which stays this object's to close. */
    public int fileDescriptor() {
        return fd;
    }

    /** Wakes who waits; nothing is sent or received any more. */
    public void shutdown() {
        libc.shutdown(fd);
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
