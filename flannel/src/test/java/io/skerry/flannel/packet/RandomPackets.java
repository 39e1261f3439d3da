package io.skerry.flannel.packet;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** TCP packets over IPv4 as they may come, made and judged without the code that is tested. */
final class RandomPackets {
    static final int FIN = 0x01;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int URG = 0x20;
    static final int ECE = 0x40;
    static final int CWR = 0x80;

    private final Random random;

    RandomPackets(Random random) {
        this.random = random;
    }

    /**
     * What a packet is made of.
     *
     * @param ipWords how long the options of the IP header are, as tcpWords those of the other
     * @param options what decides what they are
     * @param cut whether a router may cut it
     */
    record Shape(
            int ipWords, int tcpWords, long options, int flags, int sequence, int id, int cut) {
        /** The one that follows so many bytes and packets later. */
        Shape later(int bytes, int packets) {
            int laterId = (id + packets) & 0xffff;
            return new Shape(ipWords, tcpWords, options, flags, sequence + bytes, laterId, cut);
        }

        Shape with(int otherFlags) {
            return new Shape(ipWords, tcpWords, options, otherFlags, sequence, id, cut);
        }
    }

    static final int DONT_FRAGMENT = 0x4000;

    Shape shape(int flags) {
        return new Shape(
                random.nextInt(11),
                random.nextInt(11),
                random.nextLong(),
                flags,
                // Around its end, too.
                random.nextInt(4) == 0 ? -random.nextInt(5000) : random.nextInt(),
                random.nextInt(4) == 0 ? 0xffff - random.nextInt(3) : random.nextInt(0x10000),
                random.nextBoolean() ? DONT_FRAGMENT : 0);
    }

    byte[] bytes(int count) {
        var bytes = new byte[count];
        if (random.nextInt(8) == 0) {
            Arrays.fill(bytes, (byte) (random.nextBoolean() ? 0 : 0xff));
        } else {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    /** With checksums as they must be. */
    static byte[] packet(Shape shape, byte[] payload) {
        var options = new Random(shape.options);
        var ipOptions = new byte[4 * shape.ipWords];
        var tcpOptions = new byte[4 * shape.tcpWords];
        options.nextBytes(ipOptions);
        options.nextBytes(tcpOptions);
        int ip = 20 + ipOptions.length;
        int tcp = 20 + tcpOptions.length;
        var packet =
                ByteBuffer.allocate(ip + tcp + payload.length)
                        .put((byte) (0x40 | (ip / 4)))
                        .put((byte) 0x02)
                        .putShort((short) (ip + tcp + payload.length))
                        .putShort((short) shape.id)
                        .putShort((short) shape.cut)
                        .put((byte) 63)
                        .put((byte) 6)
                        .putShort((short) 0)
                        .putInt(0x0a4d0102)
                        .putInt(0x0a4d0203)
                        .put(ipOptions)
                        .putShort((short) 40_000)
                        .putShort((short) 443)
                        .putInt(shape.sequence)
                        .putInt(0x12345678)
                        .put((byte) ((tcp / 4) << 4))
                        .put((byte) shape.flags)
                        .putShort((short) 501)
                        .putShort((short) 0)
                        .putShort((short) ((shape.flags & URG) == 0 ? 0 : 7))
                        .put(tcpOptions)
                        .put(payload)
                        .array();
        complete(packet);
        return packet;
    }

    /** Writes both checksums anew. */
    static void complete(byte[] packet) {
        var buffer = ByteBuffer.wrap(packet);
        int ip = headerBytes(packet);
        buffer.putShort(10, (short) 0);
        buffer.putShort(10, (short) ~sum(packet, 0, ip, 0));
        buffer.putShort(ip + 16, (short) 0);
        buffer.putShort(ip + 16, (short) ~tcpSum(packet));
    }

    static int headerBytes(byte[] packet) {
        return (packet[0] & 0xf) * 4;
    }

    /** As RFC 1071 tells it, over TCP with its pseudo-header. */
    static int tcpSum(byte[] packet) {
        int ip = headerBytes(packet);
        int before = sum(packet, 12, 20, 6 + packet.length - ip);
        return sum(packet, ip, packet.length, before);
    }

    /** The pseudo-header's alone, which is what the kernel is given. */
    static int pseudoSum(byte[] packet) {
        return sum(packet, 12, 20, 6 + packet.length - headerBytes(packet));
    }

    static int sum(byte[] bytes, int from, int to, int begin) {
        int sum = begin;
        for (int i = from; i < to; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | (i + 1 < to ? bytes[i + 1] & 0xff : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    /** A packet in memory at some place. */
    static PacketMemory memory(Arena arena, int at, byte[] packet) {
        var memory = new PacketMemory(arena.allocate(at + packet.length + 7));
        put(memory, at, packet);
        return memory;
    }

    static void put(PacketMemory memory, int at, byte[] bytes) {
        memory.segment().asSlice(at, bytes.length).asByteBuffer().put(bytes);
    }

    static byte[] get(PacketMemory memory, int at, int length) {
        var bytes = new byte[length];
        memory.segment().asSlice(at, length).asByteBuffer().get(bytes);
        return bytes;
    }
}
