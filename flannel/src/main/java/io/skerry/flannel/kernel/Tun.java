package io.skerry.flannel.kernel;

import io.skerry.base.log.Log;
import io.skerry.flannel.packet.VirtioHeader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * A TUN device: the kernel hands IP packets that are routed into it to whoever has it open. The
 * device stays when nobody has.
 */
public final class Tun implements AutoCloseable {
    private static final Log LOG = Log.of(Tun.class);
    private static final String FILE = "/dev/net/tun";
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETPERSIST = 0x400454cbL;

    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;

    /** TUN, with no word about the packet's protocol before it. */
    private static final short FLAGS = 0x0001 | 0x1000;

    private static final short WITH_HEADER = 0x4000;

    /** Checksums may be left to do, and large TCP packets over IPv4 to be cut. */
    private static final int CHECKSUM_AND_TCP = 1 | 2;

    static final int NAME_BYTES = 16;
    static final int REQUEST_BYTES = 40;

    private final Libc libc;
    private final int fd;
    private final boolean offloads;

    private Tun(Libc libc, int fd, boolean offloads) {
        this.libc = libc;
        this.fd = fd;
        this.offloads = offloads;
    }

    /** Attaches to a device, which is made if it is not there; packets come as they travel. */
    public static Tun attach(String name) throws IOException {
        return attach(name, FLAGS, false);
    }

    /**
     * The same, and each packet has a {@code virtio_net_hdr} of 10 bytes before it. What comes may
     * be TCP over IPv4 that is to be cut, or lack a checksum, and what goes may as well, unless the
     * kernel has no such thing: see {@link #offloads}.
     */
    public static Tun attachWithOffloads(String name) throws IOException {
        try {
            return attach(name, (short) (FLAGS | WITH_HEADER), true);
        } catch (ErrnoException e) {
            // If that is not the reason, it fails again and is told then.
            return attach(name);
        }
    }

    private static Tun attach(String name, short flags, boolean offloads) throws IOException {
        var libc = new Libc();
        int fd = libc.open(FILE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena, name);
            request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, flags);
            libc.ioctl(fd, "attaching to device " + name, TUNSETIFF, request);
            if (offloads) {
                MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, VirtioHeader.BYTES);
                libc.ioctl(fd, "header of device " + name, TUNSETVNETHDRSZ, size);
                setOffloads(libc, fd, CHECKSUM_AND_TCP);
            }
            return new Tun(libc, fd, offloads);
        } catch (IOException e) {
            libc.close(fd);
            throw e;
        }
    }

    private static void setOffloads(Libc libc, int fd, int which) throws IOException {
        libc.ioctl(fd, "offloads", TUNSETOFFLOAD, MemorySegment.ofAddress(which));
    }

    /** Whether packets have a header before them that tells what is left to do to them. */
    public boolean offloads() {
        return offloads;
    }

    static MemorySegment request(Arena arena, String name) {
        MemorySegment request = arena.allocate(REQUEST_BYTES, 8);
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length >= NAME_BYTES) {
            throw new IllegalArgumentException("a device's name has at most 15 letters: " + name);
        }
        MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return request;
    }

    static void create(String name) throws IOException {
        try (Tun tun = attach(name)) {
            tun.libc.ioctl(
                    tun.fd,
                    "making device " + name + " stay",
                    TUNSETPERSIST,
                    MemorySegment.ofAddress(1));
        }
    }

    /** The open file, which stays this object's to close. */
    public int fileDescriptor() {
        return fd;
    }

    @Override
    public void close() {
        if (offloads) {
            try {
                setOffloads(libc, fd, 0); // whoever attaches next may not know what to do with them
            } catch (IOException e) {
                LOG.debug("the device is gone", "why", e.getMessage());
            }
        }
        libc.close(fd);
    }
}
