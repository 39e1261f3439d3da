package io.skerry.flannel.packet;

import org.jspecify.annotations.Nullable;

/**
 * A TCP packet that is larger than what travels, to be cut into packets with headers of their own,
 * as a network card with TCP segmentation offload does it. Payload is not copied.
 */
public final class TcpSplit {
    /** No headers are longer. */
    public static final int MOST_HEADER_BYTES = 2 * TcpPacket.MOST_HEADER_BYTES;

    private final TcpPacket packet;
    private final int payloadEach;
    private final int count;

    /** Of the headers without what differs from one packet to the next. */
    private final long ipSum;

    private final long tcpSum;

    private TcpSplit(TcpPacket packet, int payloadEach) {
        this.packet = packet;
        this.payloadEach = payloadEach;
        this.count = Math.max(1, (packet.payloadBytes() + payloadEach - 1) / payloadEach);
        PacketMemory memory = packet.memory();
        int ip = packet.at();
        memory.put16(ip + TcpPacket.TOTAL_LENGTH, 0);
        memory.put16(ip + TcpPacket.IP_CHECKSUM, 0);
        ipSum = (long) memory.sum(ip, packet.ipBytes()) + inverse(packet.identification());
        int tcp = packet.tcpAt();
        memory.put16(tcp + TcpPacket.TCP_CHECKSUM, 0);
        tcpSum =
                (long) memory.sum(tcp, packet.tcpBytes())
                        + inverse(memory.u16(tcp + TcpPacket.SEQUENCE))
                        + inverse(memory.u16(tcp + TcpPacket.SEQUENCE + Short.BYTES))
                        + inverse(memory.u16(tcp + TcpPacket.DATA_OFFSET))
                        + packet.pseudoSum(0);
    }

    /** What takes a word out of a sum. */
    private static int inverse(int word) {
        return ~word & 0xffff;
    }

    /**
     * Begins with the packet that is there, whose checksums and length need not be right, and will
     * not be afterwards.
     *
     * @param payloadEach how much each packet takes but the last
     * @return null if it is no TCP packet of IPv4
     */
    public static @Nullable TcpSplit of(PacketMemory memory, int at, int length, int payloadEach) {
        TcpPacket packet = payloadEach < 1 ? null : TcpPacket.of(memory, at, length);
        return packet == null ? null : new TcpSplit(packet, payloadEach);
    }

    /** How many packets it makes. */
    public int count() {
        return count;
    }

    public int headerBytes() {
        return packet.headerBytes();
    }

    /** Where in the memory the payload of one of them is, counted from 0. */
    public int payloadAt(int number) {
        return packet.payloadAt() + number * payloadEach;
    }

    public int payloadBytes(int number) {
        return Math.min(payloadEach, packet.payloadBytes() - number * payloadEach);
    }

    /** Writes the headers of one of them, checksums included. */
    public void writeHeaders(int number, PacketMemory into, int at) {
        packet.memory().copy(packet.at(), packet.headerBytes(), into, at);
        int payload = payloadBytes(number);
        int total = packet.headerBytes() + payload;
        int identification = (packet.identification() + number) & 0xffff;
        into.put16(at + TcpPacket.TOTAL_LENGTH, total);
        into.put16(at + TcpPacket.IDENTIFICATION, identification);
        into.put16(at + TcpPacket.IP_CHECKSUM, checksum(ipSum + total + identification));

        int tcp = at + packet.ipBytes();
        int sequence = packet.sequence() + number * payloadEach;
        into.put32(tcp + TcpPacket.SEQUENCE, sequence);
        into.put8(tcp + TcpPacket.FLAGS, flags(number));
        long sum =
                tcpSum
                        + (sequence >>> Short.SIZE)
                        + (sequence & 0xffff)
                        + into.u16(tcp + TcpPacket.DATA_OFFSET)
                        + packet.tcpBytes()
                        + payload
                        + packet.memory().sum(payloadAt(number), payload);
        into.put16(tcp + TcpPacket.TCP_CHECKSUM, checksum(sum));
    }

    /** The end is the last one's to tell, and a smaller window the first one's. */
    private int flags(int number) {
        int flags = packet.flags();
        if (number > 0) {
            flags &= ~TcpPacket.CWR;
        }
        return number < count - 1 ? flags & ~(TcpPacket.FIN | TcpPacket.PSH) : flags;
    }

    private static int checksum(long sum) {
        return ~PacketMemory.fold(sum);
    }
}
