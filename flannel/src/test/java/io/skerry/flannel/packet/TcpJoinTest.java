package io.skerry.flannel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Seeds;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TcpJoinTest {
    private static final int ROOM = 2000;

    /** What came in, and what of it was handed on together, as whole packets again. */
    private static List<List<byte[]>> joined(Arena arena, List<byte[]> packets) {
        var memory = new PacketMemory(arena.allocate((long) ROOM * packets.size()));
        var join = new TcpJoin(memory);
        var groups = new ArrayList<List<byte[]>>();
        for (int i = 0; i < packets.size(); i++) {
            int at = ROOM * i + i % 5;
            RandomPackets.put(memory, at, packets.get(i));
            if (!join.add(at, packets.get(i).length)) {
                groups.add(handedOn(arena, memory, join));
                join.clear();
                assertThat(join.add(at, packets.get(i).length)).isTrue();
            }
        }
        groups.add(handedOn(arena, memory, join));
        return groups;
    }

    /** As the kernel would cut a packet that it gets. */
    private static List<byte[]> handedOn(Arena arena, PacketMemory memory, TcpJoin join) {
        if (join.count() == 1) {
            return List.of(RandomPackets.get(memory, join.at(0), join.length(0)));
        }
        var into = new PacketMemory(arena.allocate(70_000));
        int length = join.writeHeaders(into, 3);
        int end = 3 + length;
        for (int i = 0; i < join.count(); i++) {
            byte[] payload = RandomPackets.get(memory, join.payloadAt(i), join.payloadBytes(i));
            RandomPackets.put(into, end, payload);
            end += payload.length;
        }
        int packet = 3 + VirtioHeader.BYTES;
        assertHeadersAreRight(
                RandomPackets.get(into, 3, VirtioHeader.BYTES),
                RandomPackets.get(into, packet, end - packet),
                length - VirtioHeader.BYTES);
        return pieces(arena, into, packet, end - packet, VirtioHeader.payloadEach(into, 3));
    }

    private static void assertHeadersAreRight(byte[] virtio, byte[] packet, int headerBytes) {
        int ip = RandomPackets.headerBytes(packet);
        var header = ByteBuffer.wrap(virtio).order(ByteOrder.nativeOrder());
        assertThat(header.get(0)).isEqualTo((byte) 1);
        assertThat(header.get(1)).isEqualTo((byte) 1);
        assertThat(header.getShort(2)).isEqualTo((short) headerBytes);
        assertThat(header.getShort(6)).isEqualTo((short) ip);
        assertThat(header.getShort(8)).isEqualTo((short) 16);
        var buffer = ByteBuffer.wrap(packet);
        assertThat(buffer.getShort(2) & 0xffff).isEqualTo(packet.length);
        assertThat(RandomPackets.sum(packet, 0, ip, 0)).isEqualTo(0xffff);
        assertThat(buffer.getShort(ip + 16) & 0xffff).isEqualTo(RandomPackets.pseudoSum(packet));
    }

    private static List<byte[]> pieces(
            Arena arena, PacketMemory memory, int at, int length, int each) {
        var split = Objects.requireNonNull(TcpSplit.of(memory, at, length, each));
        var pieces = new ArrayList<byte[]>();
        for (int i = 0; i < split.count(); i++) {
            var into = new PacketMemory(arena.allocate(ROOM));
            split.writeHeaders(i, into, 0);
            byte[] payload = RandomPackets.get(memory, split.payloadAt(i), split.payloadBytes(i));
            RandomPackets.put(into, split.headerBytes(), payload);
            pieces.add(RandomPackets.get(into, 0, split.headerBytes() + payload.length));
        }
        return pieces;
    }

    /** Packets of one connection, as many as there are payloads, the last pushed. */
    private static List<byte[]> row(RandomPackets packets, int... payloads) {
        var row = new ArrayList<byte[]>();
        var shape = packets.shape(RandomPackets.ACK);
        for (int i = 0; i < payloads.length; i++) {
            int flags = RandomPackets.ACK | (i == payloads.length - 1 ? RandomPackets.PSH : 0);
            row.add(RandomPackets.packet(shape.with(flags), packets.bytes(payloads[i])));
            shape = shape.later(payloads[i], 1);
        }
        return row;
    }

    @Test
    void rowOfAConnectionIsOnePacketFromWhichTheKernelMakesTheSameAgain() {
        Seeds.each(
                200,
                random -> {
                    int each = 1 + random.nextInt(1400);
                    var payloads = new int[2 + random.nextInt(30)];
                    for (int i = 0; i < payloads.length; i++) {
                        payloads[i] = each;
                    }
                    payloads[payloads.length - 1] = 1 + random.nextInt(each);
                    var row = row(new RandomPackets(random), payloads);

                    try (Arena arena = Arena.ofConfined()) {
                        assertGroups(joined(arena, row), List.of(row));
                    }
                });
    }

    private static void assertGroups(List<List<byte[]>> groups, List<List<byte[]>> expected) {
        assertThat(groups).hasSameSizeAs(expected);
        for (int i = 0; i < groups.size(); i++) {
            assertThat(groups.get(i).toArray(byte[][]::new))
                    .isDeepEqualTo(expected.get(i).toArray(byte[][]::new));
        }
    }

    @Test
    void whateverComesIsHandedOnInItsOrderAndUnchanged() {
        Seeds.each(
                200,
                random -> {
                    var packets = new RandomPackets(random);
                    var all = new ArrayList<byte[]>();
                    for (int i = random.nextInt(6); i >= 0; i--) {
                        var row = row(packets, sizes(random));
                        row.replaceAll(packet -> maybeOdd(random, packet));
                        all.addAll(row);
                    }

                    try (Arena arena = Arena.ofConfined()) {
                        var handedOn = new ArrayList<byte[]>();
                        joined(arena, all).forEach(handedOn::addAll);

                        assertGroups(List.of(handedOn), List.of(all));
                    }
                });
    }

    private static int[] sizes(Random random) {
        int each = random.nextInt(100);
        var sizes = new int[1 + random.nextInt(10)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = random.nextInt(6) == 0 ? random.nextInt(each + 10) : each;
        }
        return sizes;
    }

    /** Some are damaged in a bit, some differ in one and are right. */
    private static byte[] maybeOdd(Random random, byte[] packet) {
        if (random.nextInt(4) != 0) {
            return packet;
        }
        byte[] odd = packet.clone();
        odd[random.nextInt(odd.length)] ^= (byte) (1 << random.nextInt(8));
        if (random.nextBoolean() && RandomPackets.headerBytes(odd) >= 20) {
            int room = odd.length - RandomPackets.headerBytes(odd);
            if (room >= 20) {
                RandomPackets.complete(odd);
            }
        }
        return odd;
    }

    @Test
    void packetThatDiffersOrDoesNotFollowBeginsAnew() {
        assertJoins("nothing", packet -> packet, true);
        assertJoins("push", packet -> set(packet, 33, RandomPackets.ACK | RandomPackets.PSH), true);
        assertJoins("fin", packet -> set(packet, 33, RandomPackets.ACK | RandomPackets.FIN), false);
        assertJoins("urg", packet -> set(packet, 33, RandomPackets.ACK | RandomPackets.URG), false);
        assertJoins("ece", packet -> set(packet, 33, RandomPackets.ACK | RandomPackets.ECE), false);
        assertJoins("cwr", packet -> set(packet, 33, RandomPackets.ACK | RandomPackets.CWR), false);
        assertJoins("accurate ecn", packet -> set(packet, 32, 0x81), false);
        assertJoins("type of service", packet -> set(packet, 1, 3), false);
        assertJoins("length", packet -> set(packet, 3, 0), false);
        assertJoins("identification", packet -> set(packet, 5, 9), false);
        assertJoins("may not be cut", packet -> set(packet, 6, 0x40), false);
        assertJoins("time to live", packet -> set(packet, 8, 62), false);
        assertJoins("source", packet -> set(packet, 15, 9), false);
        assertJoins("port", packet -> set(packet, 21, 9), false);
        assertJoins("sequence", packet -> set(packet, 27, 9), false);
        assertJoins("acknowledged", packet -> set(packet, 31, 9), false);
        assertJoins("window", packet -> set(packet, 35, 9), false);
        assertJoins("urgent pointer", packet -> set(packet, 39, 9), false);
        assertJoins("time stamp", packet -> set(packet, 45, ~packet[45]), false);
        assertJoins("damaged header", packet -> damaged(packet, 11), false);
        assertJoins("damaged payload", packet -> damaged(packet, 60), false);
    }

    /** Two packets of which the second was changed. */
    private static void assertJoins(String what, UnaryOperator<byte[]> change, boolean joins) {
        var shape = new RandomPackets.Shape(0, 3, 5, RandomPackets.ACK, 100, 7, 0);
        byte[] first = RandomPackets.packet(shape, new byte[40]);
        byte[] next = RandomPackets.packet(shape.later(40, 1), new byte[40]);
        byte[] changed = change.apply(next);
        try (Arena arena = Arena.ofConfined()) {
            List<List<byte[]>> groups = joined(arena, List.of(first, changed));

            assertThat(groups).as(what).hasSize(joins ? 1 : 2);
            assertGroups(
                    groups,
                    joins
                            ? List.of(List.of(first, changed))
                            : List.of(List.of(first), List.of(changed)));
        }
    }

    private static byte[] set(byte[] packet, int at, int value) {
        byte[] changed = packet.clone();
        changed[at] = (byte) value;
        RandomPackets.complete(changed);
        return changed;
    }

    private static byte[] damaged(byte[] packet, int at) {
        byte[] changed = packet.clone();
        changed[at] ^= 1;
        return changed;
    }

    @Test
    void nothingIsJoinedToADamagedPacketOrBehindAShorterOneOrAPush() {
        var packets = new RandomPackets(new Random(1));
        var row = row(packets, 50, 50, 50, 20, 20, 10);
        row.set(0, damaged(row.getFirst(), row.getFirst().length - 1));
        byte[] pushed = set(row.get(3), RandomPackets.headerBytes(row.get(3)) + 13, 0x18);

        try (Arena arena = Arena.ofConfined()) {
            assertGroups(
                    joined(arena, row),
                    List.of(
                            List.of(row.getFirst()),
                            List.of(row.get(1), row.get(2), row.get(3)),
                            List.of(row.get(4), row.get(5))));
            assertGroups(
                    joined(arena, List.of(row.get(2), pushed, row.get(4))),
                    List.of(List.of(row.get(2), pushed), List.of(row.get(4))));
        }
    }

    @Test
    void joinedPacketIsNoLongerThanAnIpPacketMayBe() {
        var sizes = new int[50];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = 1400;
        }
        var row = row(new RandomPackets(new Random(2)), sizes);
        int most = (65_535 - (row.getFirst().length - 1400)) / 1400;

        try (Arena arena = Arena.ofConfined()) {
            assertGroups(
                    joined(arena, row),
                    List.of(row.subList(0, most), row.subList(most, row.size())));
        }
    }
}
