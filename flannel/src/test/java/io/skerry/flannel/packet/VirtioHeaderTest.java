package io.skerry.flannel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Seeds;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class VirtioHeaderTest {
    @Test
    void checksumThatWasLeftToDoIsCompleted() {
        Seeds.each(
                100,
                random -> {
                    var packets = new RandomPackets(random);
                    byte[] packet =
                            RandomPackets.packet(
                                    packets.shape(RandomPackets.ACK),
                                    packets.bytes(random.nextInt(3000)));
                    int ip = RandomPackets.headerBytes(packet);
                    byte[] given = packet.clone();
                    ByteBuffer.wrap(given)
                            .putShort(ip + 16, (short) RandomPackets.pseudoSum(packet));
                    int at = random.nextInt(9);

                    try (Arena arena = Arena.ofConfined()) {
                        var memory = memory(arena, at, header(1, 0, ip, 16), given);

                        assertThat(VirtioHeader.complete(memory, at, given.length)).isTrue();
                        byte[] completed =
                                RandomPackets.get(memory, at + VirtioHeader.BYTES, given.length);
                        // Where it is 0, its other form is as good.
                        var field = ByteBuffer.wrap(completed);
                        if (field.getShort(ip + 16) == (short) 0xffff) {
                            field.putShort(ip + 16, (short) 0);
                        }
                        assertThat(completed).isEqualTo(packet);
                    }
                });
    }

    @Test
    void packetWithNothingLeftToDoStaysAndOneThatCannotBeIsRefused() {
        var packet = new byte[40];
        try (Arena arena = Arena.ofConfined()) {
            var memory = memory(arena, 0, header(0, 0, 0, 0), packet);

            assertThat(VirtioHeader.complete(memory, 0, 40)).isTrue();
            assertThat(RandomPackets.get(memory, VirtioHeader.BYTES, 40)).isEqualTo(packet);
            assertThat(VirtioHeader.payloadEach(memory, 0)).isZero();
            assertThat(completes(arena, header(1, 0, 20, 19), packet)).isFalse();
            assertThat(completes(arena, header(1, 0, 0xffff, 0xffff), packet)).isFalse();
            assertThat(completes(arena, header(1, 0, 20, 18), packet)).isTrue();
            assertThat(completes(arena, header(1, 3, 20, 6), packet)).isFalse();
        }
    }

    private static boolean completes(Arena arena, byte[] header, byte[] packet) {
        return VirtioHeader.complete(memory(arena, 0, header, packet), 0, packet.length);
    }

    private static byte[] header(int flags, int kind, int start, int offset) {
        return ByteBuffer.allocate(VirtioHeader.BYTES)
                .order(ByteOrder.nativeOrder())
                .put(0, (byte) flags)
                .put(1, (byte) kind)
                .putShort(6, (short) start)
                .putShort(8, (short) offset)
                .array();
    }

    private static PacketMemory memory(Arena arena, int at, byte[] header, byte[] packet) {
        var memory =
                new PacketMemory(arena.allocate(at + VirtioHeader.BYTES + (long) packet.length));
        RandomPackets.put(memory, at, header);
        RandomPackets.put(memory, at + VirtioHeader.BYTES, packet);
        return memory;
    }
}
