package io.skerry.flannel.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Checksums that a VXLAN device leaves to the network card. Kernels before 5.7 got them wrong for
 * packets that were masqueraded on their way, which stalled connections for a minute; there, the
 * device must compute them itself. Later kernels need no such thing, which costs throughput.
 */
final class Checksums {
    private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);
    private static final int MENDED_MAJOR = 5;
    private static final int MENDED_MINOR = 7;

    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final long SIOCETHTOOL = 0x8946;
    private static final int GET_TX_CHECKSUM = 0x16;
    private static final int SET_TX_CHECKSUM = 0x17;

    private Checksums() {}

    static void switchOffWhereFaulty(String device) throws IOException {
        if (areFaulty(Files.readString(RELEASE))) {
            switchOff(device);
        }
    }

    /** Whether a kernel of that release gets them wrong. */
    static boolean areFaulty(String release) {
        var numbers = NUMBERS.matcher(release);
        if (!numbers.matches()) {
            return false;
        }
        int major = Integer.parseInt(numbers.group(1));
        int minor = Integer.parseInt(numbers.group(2));
        return major < MENDED_MAJOR || (major == MENDED_MAJOR && minor < MENDED_MINOR);
    }

    static void switchOff(String device) throws IOException {
        ethtool(device, SET_TX_CHECKSUM, 0);
    }

    static boolean areOn(String device) throws IOException {
        return ethtool(device, GET_TX_CHECKSUM, 0) != 0;
    }

    private static int ethtool(String device, int command, int value) throws IOException {
        var libc = new Libc();
        int fd = libc.socket(Netlink.AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argument = arena.allocate(ValueLayout.JAVA_INT, 2);
            argument.setAtIndex(ValueLayout.JAVA_INT, 0, command);
            argument.setAtIndex(ValueLayout.JAVA_INT, 1, value);
            MemorySegment request = Tun.request(arena, device);
            request.set(ValueLayout.ADDRESS, Tun.NAME_BYTES, argument);
            libc.ioctl(fd, "checksums of device " + device, SIOCETHTOOL, request);
            return argument.getAtIndex(ValueLayout.JAVA_INT, 1);
        } finally {
            libc.close(fd);
        }
    }
}
