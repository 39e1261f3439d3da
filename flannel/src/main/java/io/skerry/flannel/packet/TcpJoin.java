package io.skerry.flannel.packet;

import org.jspecify.annotations.Nullable;

/**
 * Packets that came one after the other and can be handed to the kernel as one: those of a TCP
 * connection over IPv4 that differ in nothing but their payload, which follows on. That a packet
 * was not damaged is looked at before it is joined to another, as nobody can see it afterwards. Any
 * other packet stays alone. Payload is not copied.
 */
public final class TcpJoin {
    /** The kernel takes 1024 pieces of memory at once, of which headers are one. */
    private static final int MOST = 512;

    private static final int FIRST_HALF = 0xffff_0000;
    private static final int SECOND_HALF = 0xffff;
    private static final int ALL_BUT_PSH = ~(TcpPacket.PSH << 16);

    private final PacketMemory memory;
    private final int[] ats = new int[MOST];
    private final int[] lengths = new int[MOST];
    private int count;
    private int total;

    /** Null when nothing can be joined to what there is. */
    private @Nullable TcpPacket first;

    private boolean firstIsSound;
    private boolean pushed;

    /** By a push, or by a shorter one, as the kernel would cut pieces of the first one's length. */
    private boolean ended;

    private int nextSequence;

    /** All packets are in that memory, and stay there until they are handed on. */
    public TcpJoin(PacketMemory memory) {
        this.memory = memory;
    }

    public void clear() {
        count = 0;
    }

    /** Takes a packet; false if it can be no part of what there is, which must be cleared first. */
    public boolean add(int at, int length) {
        if (count == 0) {
            begin(at, length);
        } else {
            TcpPacket head = first;
            TcpPacket next = head == null ? null : TcpPacket.of(memory, at, length);
            if (head == null || next == null || count == MOST || !follows(head, next)) {
                return false;
            }
            total += next.payloadBytes();
            nextSequence += next.payloadBytes();
            pushed = (next.flags() & TcpPacket.PSH) != 0;
            ended = pushed || next.payloadBytes() < head.payloadBytes();
        }
        ats[count] = at;
        lengths[count++] = length;
        return true;
    }

    private void begin(int at, int length) {
        first = null;
        total = length;
        firstIsSound = false;
        pushed = false;
        ended = false;
        TcpPacket packet = TcpPacket.of(memory, at, length);
        if (packet != null
                && packet.hasRightLength()
                && packet.flags() == TcpPacket.ACK
                && packet.payloadBytes() > 0) {
            first = packet;
            nextSequence = packet.sequence() + packet.payloadBytes();
        }
    }

    private boolean follows(TcpPacket head, TcpPacket next) {
        int payload = next.payloadBytes();
        if (ended
                || next.sequence() != nextSequence
                || payload == 0
                || payload > head.payloadBytes()
                || total + payload > TcpPacket.MOST_BYTES
                || !next.hasRightLength()
                || !hasSameHeaders(head, next)
                || !next.hasRightChecksums()) {
            return false;
        }
        if (!firstIsSound && !head.hasRightChecksums()) {
            first = null;
            return false;
        }
        firstIsSound = true;
        return true;
    }

    /** But for lengths, the sequence, checksums, and that the next may be the last of a push. */
    private boolean hasSameHeaders(TcpPacket head, TcpPacket next) {
        if (next.ipBytes() != head.ipBytes() || next.tcpBytes() != head.tcpBytes()) {
            return false;
        }
        int numbered = (head.identification() + count) & 0xffff;
        if (next.identification() != numbered) {
            return false;
        }
        int tcp = head.ipBytes();
        for (int i = 0; i < head.headerBytes(); i += Integer.BYTES) {
            int mask;
            if (i == 0 || i == TcpPacket.TIME_TO_LIVE) {
                mask = FIRST_HALF; // behind it the length, or the checksum
            } else if (i == TcpPacket.IDENTIFICATION || i == tcp + TcpPacket.TCP_CHECKSUM) {
                mask = SECOND_HALF; // how it may be cut, or where urgent data is
            } else if (i == tcp + TcpPacket.SEQUENCE) {
                continue;
            } else {
                mask = i == tcp + TcpPacket.DATA_OFFSET ? ALL_BUT_PSH : -1;
            }
            if (((memory.i32(head.at() + i) ^ memory.i32(next.at() + i)) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** How many packets there are. */
    public int count() {
        return count;
    }

    /** Where one of them is. */
    public int at(int number) {
        return ats[number];
    }

    public int length(int number) {
        return lengths[number];
    }

    /** Where the payload of one of them is; for two and more. */
    public int payloadAt(int number) {
        return ats[number] + head().headerBytes();
    }

    public int payloadBytes(int number) {
        return lengths[number] - head().headerBytes();
    }

    private TcpPacket head() {
        TcpPacket head = first;
        if (head == null || count < 2) {
            throw new IllegalStateException("no packets were joined");
        }
        return head;
    }

    /**
     * Writes what comes before the payloads of all, for two and more: a {@link VirtioHeader} and
     * the packet's headers. TCP's checksum is left to whoever cuts it.
     *
     * @return how long that is
     */
    public int writeHeaders(PacketMemory into, int at) {
        TcpPacket head = head();
        int ip = at + VirtioHeader.BYTES;
        int tcp = ip + head.ipBytes();
        VirtioHeader.writeTcp(into, at, head.ipBytes(), head.headerBytes(), head.payloadBytes());
        memory.copy(head.at(), head.headerBytes(), into, ip);
        into.put16(ip + TcpPacket.TOTAL_LENGTH, total);
        into.put16(ip + TcpPacket.IP_CHECKSUM, 0);
        into.put16(ip + TcpPacket.IP_CHECKSUM, ~into.sum(ip, head.ipBytes()));
        if (pushed) {
            into.put8(tcp + TcpPacket.FLAGS, TcpPacket.ACK | TcpPacket.PSH);
        }
        into.put16(tcp + TcpPacket.TCP_CHECKSUM, head.pseudoSum(total - head.ipBytes()));
        return VirtioHeader.BYTES + head.headerBytes();
    }
}
