package io.skerry.flannel.packet;

/**
 * ICMP's word to the sender of an IPv4 packet that no network has its destination (RFC 792, RFC
 * 1812). It carries as much of the packet as fits into what every host takes.
 */
public final class Unreachable {
    /** The longest of them. */
    public static final int MOST_BYTES = 576;

    /** Where the sender's address is in a packet. */
    public static final int SOURCE = 12;

    private static final int IP_BYTES = 20;
    private static final int ICMP_BYTES = 8;
    private static final int PAYLOAD_QUOTED = 8;

    private static final int PROTOCOL = 9;
    private static final int DESTINATION = 16;
    private static final int FRAGMENT = 6;
    private static final int FRAGMENT_OFFSET = 0x1fff;
    private static final int ICMP = 1;

    private static final int VERSION_AND_LENGTH = 0x45;
    private static final int INTERNETWORK_CONTROL = 0xc0;
    private static final int TIME_TO_LIVE = 64;
    private static final int DESTINATION_UNREACHABLE = 3;
    private static final int NET_UNREACHABLE = 0;

    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REPLY = 0;
    private static final int TIMESTAMP_REQUEST = 13;
    private static final int TIMESTAMP_REPLY = 14;

    private static final int LOOPBACK = 127;
    private static final int MULTICAST = 224;

    private Unreachable() {}

    /**
     * Writes the answer to a packet of IPv4, with its IP header. Its source is left 0 and its
     * header's checksum as well: who sends it by a raw socket has the kernel fill them in.
     *
     * @param at where the packet begins
     * @param into takes {@link #MOST_BYTES}
     * @return how long it is; 0 if such a packet is not to be answered: one of ICMP that may be an
     *     answer of this kind itself, one from or to no single host, a later part of one that was
     *     taken apart
     */
    public static int answer(PacketMemory memory, int at, int length, PacketMemory into) {
        int header = (memory.u8(at) & 0xf) * Integer.BYTES;
        boolean whole = header >= IP_BYTES && header + PAYLOAD_QUOTED <= length;
        if (!whole
                || (memory.u16(at + FRAGMENT) & FRAGMENT_OFFSET) != 0
                || !isHost(memory, at + SOURCE)
                || !isHost(memory, at + DESTINATION)
                || (memory.u8(at + PROTOCOL) == ICMP && !isQuestion(memory.u8(at + header)))) {
            return 0;
        }
        int quoted = Math.min(length, MOST_BYTES - IP_BYTES - ICMP_BYTES);
        int total = IP_BYTES + ICMP_BYTES + quoted;
        for (int i = 0; i < IP_BYTES + ICMP_BYTES; i += Integer.BYTES) {
            into.put32(i, 0);
        }
        into.put8(0, VERSION_AND_LENGTH);
        into.put8(1, INTERNETWORK_CONTROL);
        into.put16(2, total);
        into.put8(TcpPacket.TIME_TO_LIVE, TIME_TO_LIVE);
        into.put8(PROTOCOL, ICMP);
        into.put32(DESTINATION, memory.i32(at + SOURCE));
        into.put8(IP_BYTES, DESTINATION_UNREACHABLE);
        into.put8(IP_BYTES + 1, NET_UNREACHABLE);
        memory.copy(at, quoted, into, IP_BYTES + ICMP_BYTES);
        into.put16(IP_BYTES + 2, ~into.sum(IP_BYTES, total - IP_BYTES) & 0xffff);
        return total;
    }

    private static boolean isHost(PacketMemory memory, int at) {
        int first = memory.u8(at);
        return first != 0 && first != LOOPBACK && first < MULTICAST;
    }

    private static boolean isQuestion(int type) {
        return switch (type) {
            case ECHO_REQUEST, ECHO_REPLY, TIMESTAMP_REQUEST, TIMESTAMP_REPLY -> true;
            default -> false;
        };
    }
}
