package io.skerry.flannel.kernel;

import java.io.IOException;

/**
 * A socket that sends packets of IPv4 whose headers are the caller's; the kernel fills in a source
 * that is 0, and the header's checksum. It never waits, and receives nothing. It belongs to the
 * network namespace of the thread that opens it, which needs the right to open raw sockets.
 */
public final class IpSocket implements AutoCloseable {
    private static final int SOCK_RAW_CLOEXEC_NONBLOCK = 3 | 0x80000 | 0x800;

    /** Of IP itself: packets are whole, and no protocol's come in. */
    private static final int RAW = 255;

    private final Libc libc = new Libc();
    private final int fd;

    private IpSocket() throws IOException {
        fd = libc.socket(Netlink.AF_INET, SOCK_RAW_CLOEXEC_NONBLOCK, RAW);
    }

    public static IpSocket open() throws IOException {
        return new IpSocket();
    }

    /** The open socket, which stays this object's to close. */
    public int fileDescriptor() {
        return fd;
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
