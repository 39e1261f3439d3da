package io.skerry.flannel.packet;

import org.jspecify.annotations.Nullable;

/**
 * A whole TCP packet of IPv4 (RFC 791, RFC 9293) in memory.
 *
 * @param at where its IP header begins
 * @param ipBytes how long that is with its options
 * @param tcpBytes how long the TCP header is with its options
 * @param length of all
 */
record TcpPacket(PacketMemory memory, int at, int ipBytes, int tcpBytes, int length) {
    static final int MOST_BYTES = 0xffff;
    static final int MOST_HEADER_BYTES = 60;

    static final int TOTAL_LENGTH = 2;
    static final int IDENTIFICATION = 4;
    static final int FRAGMENT = 6;
    static final int TIME_TO_LIVE = 8;
    static final int PROTOCOL = 9;
    static final int IP_CHECKSUM = 10;
    static final int ADDRESSES = 12;

    static final int SEQUENCE = 4;
    static final int DATA_OFFSET = 12;
    static final int FLAGS = 13;
    static final int TCP_CHECKSUM = 16;

    static final int FIN = 0x01;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int CWR = 0x80;

    private static final int IS_FRAGMENT = 0x3fff;

    private static final int VERSION_4 = 4;
    private static final int TCP = 6;
    private static final int LEAST_HEADER_BYTES = 20;

    /** The packet that is there; null if it is another kind of one, a fragment, or damaged. */
    static @Nullable TcpPacket of(PacketMemory memory, int at, int length) {
        if (length < 2 * LEAST_HEADER_BYTES || memory.u8(at) >>> 4 != VERSION_4) {
            return null;
        }
        int ipBytes = (memory.u8(at) & 0xf) * Integer.BYTES;
        if (ipBytes < LEAST_HEADER_BYTES
                || ipBytes + LEAST_HEADER_BYTES > length
                || memory.u8(at + PROTOCOL) != TCP
                || (memory.u16(at + FRAGMENT) & IS_FRAGMENT) != 0) {
            return null;
        }
        int tcpBytes = (memory.u8(at + ipBytes + DATA_OFFSET) >>> 4) * Integer.BYTES;
        return tcpBytes < LEAST_HEADER_BYTES || ipBytes + tcpBytes > length
                ? null
                : new TcpPacket(memory, at, ipBytes, tcpBytes, length);
    }

    int tcpAt() {
        return at + ipBytes;
    }

    int headerBytes() {
        return ipBytes + tcpBytes;
    }

    int payloadAt() {
        return at + headerBytes();
    }

    int payloadBytes() {
        return length - headerBytes();
    }

    int identification() {
        return memory.u16(at + IDENTIFICATION);
    }

    int sequence() {
        return memory.i32(tcpAt() + SEQUENCE);
    }

    int flags() {
        return memory.u8(tcpAt() + FLAGS);
    }

    /** The sum over what TCP's checksum takes of the IP header. */
    int pseudoSum(int tcpLength) {
        return PacketMemory.fold((long) memory.sum(at + ADDRESSES, Long.BYTES) + TCP + tcpLength);
    }

    boolean hasRightLength() {
        return memory.u16(at + TOTAL_LENGTH) == length;
    }

    /** Whether neither of its checksums tells that it was damaged. */
    boolean hasRightChecksums() {
        return memory.sum(at, ipBytes) == MOST_BYTES
                && PacketMemory.fold(
                                (long) memory.sum(tcpAt(), length - ipBytes)
                                        + pseudoSum(length - ipBytes))
                        == MOST_BYTES;
    }
}
