package io.skerry.flannel.packet;

/**
 * What comes before a packet that goes to or from a TUN device with offloads: {@code struct
 * virtio_net_hdr} in the machine's byte order. It tells what is left to do to the packet: a
 * checksum to be completed, or TCP to be cut.
 */
public final class VirtioHeader {
    public static final int BYTES = 10;

    private static final int KIND = 1;
    private static final int HEADER_BYTES = 2;
    private static final int PAYLOAD_EACH = 4;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    private static final int NEEDS_CHECKSUM = 1;
    private static final int TCP_OVER_IPV4 = 1;
    private static final int WITH_ECN = 0x80;

    private VirtioHeader() {}

    /** How much payload each packet takes of a TCP packet that is to be cut; 0 if it is not. */
    public static int payloadEach(PacketMemory memory, int at) {
        return (memory.u8(at + KIND) & ~WITH_ECN) == TCP_OVER_IPV4
                ? memory.native16(at + PAYLOAD_EACH)
                : 0;
    }

    /**
     * Completes the checksum of the packet behind a header, if that was left to do.
     *
     * @return whether the packet can be used; it cannot be when it is of a kind that was not asked
     *     for, or contradicts itself
     */
    public static boolean complete(PacketMemory memory, int at, int packetLength) {
        if (memory.u8(at + KIND) != 0) {
            return false;
        }
        if ((memory.u8(at) & NEEDS_CHECKSUM) == 0) {
            return true;
        }
        int start = memory.native16(at + CHECKSUM_START);
        int field = start + memory.native16(at + CHECKSUM_OFFSET);
        if (field + Short.BYTES > packetLength) {
            return false;
        }
        int packet = at + BYTES;
        int checksum = ~memory.sum(packet + start, packetLength - start) & 0xffff;
        // For UDP, 0 would say that there is none; for others the two are the same.
        memory.put16(packet + field, checksum == 0 ? 0xffff : checksum);
        return true;
    }

    /** For TCP over IPv4 that is to be cut, and checksums to be completed. */
    static void writeTcp(PacketMemory into, int at, int ipBytes, int headerBytes, int payloadEach) {
        into.put8(at, NEEDS_CHECKSUM);
        into.put8(at + KIND, TCP_OVER_IPV4);
        into.putNative16(at + HEADER_BYTES, headerBytes);
        into.putNative16(at + PAYLOAD_EACH, payloadEach);
        into.putNative16(at + CHECKSUM_START, ipBytes);
        into.putNative16(at + CHECKSUM_OFFSET, TcpPacket.TCP_CHECKSUM);
    }
}
