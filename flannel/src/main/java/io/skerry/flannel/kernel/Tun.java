package io.skerry.flannel.kernel;

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
    private static final String FILE = "/dev/net/tun";
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETPERSIST = 0x400454cbL;

    /** TUN, with no header before the packet. */
    private static final short FLAGS = 0x0001 | 0x1000;

    static final int NAME_BYTES = 16;
    static final int REQUEST_BYTES = 40;

    private final Libc libc;
    private final int fd;

    private Tun(Libc libc, int fd) {
        this.libc = libc;
        this.fd = fd;
    }

    /** Attaches to a device, which is made if it is not there. */
    public static Tun attach(String name) throws IOException {
        var libc = new Libc();
        int fd = libc.open(FILE);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena, name);
            request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, FLAGS);
            libc.ioctl(fd, "attaching to device " + name, TUNSETIFF, request);
            return new Tun(libc, fd);
        } catch (IOException e) {
            libc.close(fd);
            throw e;
        }
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
        libc.close(fd);
    }
}
