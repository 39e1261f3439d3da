package io.skerry.flannel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Seeds;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TcpSplitTest {
    @Test
    void piecesAreTheSamePayloadWithHeadersOfTheirOwn() {
        Seeds.each(
                300,
                random -> {
                    var packets = new RandomPackets(random);
                    var shape = packets.shape(random.nextInt(256));
                    int each = 1 + random.nextInt(1500);
                    byte[] payload = packets.bytes(1 + random.nextInt(20 * each));
                    byte[] large = RandomPackets.packet(shape, payload);

                    byte[][] pieces = split(random, large, each);

                    assertThat(pieces.length).isEqualTo((payload.length + each - 1) / each);
                    for (int i = 0; i < pieces.length; i++) {
                        int from = i * each;
                        int to = Math.min(from + each, payload.length);
                        var expected =
                                shape.later(from, i)
                                        .with(flags(shape.flags(), i == 0, i == pieces.length - 1));
                        byte[] piece =
                                RandomPackets.packet(
                                        expected, Arrays.copyOfRange(payload, from, to));
                        // Whether urgent data is meant is told by all, as the kernel has it.
                        assertThat(pieces[i]).as("piece %s", i).isEqualTo(piece);
                    }
                });
    }

    private static int flags(int all, boolean first, boolean last) {
        int flags = first ? all : all & ~RandomPackets.CWR;
        return last ? flags : flags & ~(RandomPackets.FIN | RandomPackets.PSH);
    }

    private static byte[][] split(Random random, byte[] large, int each) {
        try (Arena arena = Arena.ofConfined()) {
            int at = random.nextInt(20);
            PacketMemory memory = RandomPackets.memory(arena, at, unfinished(random, large));
            TcpSplit split = TcpSplit.of(memory, at, large.length, each);
            var pieces = new byte[Objects.requireNonNull(split).count()][];
            for (int i = 0; i < pieces.length; i++) {
                var into = new PacketMemory(arena.allocate(2000));
                int start = random.nextInt(100);
                split.writeHeaders(i, into, start);
                byte[] headers = RandomPackets.get(into, start, split.headerBytes());
                byte[] payload =
                        RandomPackets.get(memory, split.payloadAt(i), split.payloadBytes(i));
                pieces[i] =
                        ByteBuffer.allocate(headers.length + payload.length)
                                .put(headers)
                                .put(payload)
                                .array();
            }
            return pieces;
        }
    }

    /** As the kernel leaves them, checksums may be anything. */
    private static byte[] unfinished(Random random, byte[] packet) {
        byte[] copy = packet.clone();
        var buffer = ByteBuffer.wrap(copy);
        buffer.putShort(2, (short) random.nextInt());
        buffer.putShort(10, (short) random.nextInt());
        buffer.putShort(RandomPackets.headerBytes(copy) + 16, (short) random.nextInt());
        return copy;
    }

    @Test
    void whatIsNoWholeTcpPacketIsRefused() {
        byte[] good = packet();

        assertThat(isRefused(good, good.length, 10)).isFalse();
        assertThat(isRefused(good, good.length, 0)).isTrue();
        assertThat(isRefused(good, 39, 10)).isTrue();
        assertThat(isRefused(changed(0, 0x65), good.length, 10)).isTrue(); // IPv6
        assertThat(isRefused(changed(0, 0x44), good.length, 10)).isTrue(); // a short header
        assertThat(isRefused(changed(0, 0x4f), 60, 10)).isTrue(); // one longer than the packet
        assertThat(isRefused(changed(6, 0x20), good.length, 10)).isTrue(); // more fragments
        assertThat(isRefused(changed(7, 1), good.length, 10)).isTrue(); // a later fragment
        assertThat(isRefused(changed(9, 17), good.length, 10)).isTrue(); // UDP
        assertThat(isRefused(changed(32, 0x40), good.length, 10)).isTrue(); // a short TCP header
        assertThat(isRefused(changed(32, 0xf0), 79, 10)).isTrue();
    }

    private static byte[] packet() {
        var shape = new RandomPackets.Shape(0, 0, 0, RandomPackets.ACK, 1, 1, 0);
        return RandomPackets.packet(shape, new byte[60]);
    }

    private static byte[] changed(int at, int value) {
        byte[] packet = packet();
        packet[at] = (byte) value;
        return packet;
    }

    private static boolean isRefused(byte[] packet, int length, int each) {
        try (Arena arena = Arena.ofConfined()) {
            return TcpSplit.of(RandomPackets.memory(arena, 0, packet), 0, length, each) == null;
        }
    }
}
