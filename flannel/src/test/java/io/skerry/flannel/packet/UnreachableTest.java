package io.skerry.flannel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Seeds;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UnreachableTest {
    private static final int SENDER = 0x0a4d0102;

    private static byte[] answer(byte[] packet) {
        try (Arena arena = Arena.ofConfined()) {
            var memory = RandomPackets.memory(arena, 3, packet);
            var into = new PacketMemory(arena.allocate(Unreachable.MOST_BYTES));
            into.segment().fill((byte) -1);
            int length = Unreachable.answer(memory, 3, packet.length, into);
            return RandomPackets.get(into, 0, length);
        }
    }

    private static byte[] ping(int type) {
        return ByteBuffer.allocate(84)
                .putInt(0x45000054)
                .putInt(0)
                .putInt(0x40010000)
                .putInt(SENDER)
                .putInt(0x0a4d0901)
                .put((byte) type)
                .array();
    }

    @Test
    void senderIsToldWithTheBeginningOfItsPacketAndARightChecksum() {
        Seeds.each(
                100,
                random -> {
                    var packets = new RandomPackets(random);
                    byte[] packet =
                            RandomPackets.packet(
                                    packets.shape(RandomPackets.ACK),
                                    packets.bytes(random.nextInt(2000)));

                    byte[] answer = answer(packet);

                    int quoted = Math.min(packet.length, 548);
                    var fields = ByteBuffer.wrap(answer);
                    assertThat(answer).hasSize(28 + quoted);
                    assertThat(fields.getShort(0)).isEqualTo((short) 0x45c0);
                    assertThat(fields.getShort(2)).isEqualTo((short) answer.length);
                    assertThat(fields.getInt(4)).isZero();
                    assertThat(fields.getInt(8)).isEqualTo(0x40010000);
                    assertThat(fields.getInt(12)).isZero();
                    assertThat(fields.getInt(16)).isEqualTo(SENDER);
                    assertThat(fields.getShort(20)).isEqualTo((short) 0x0300);
                    assertThat(RandomPackets.sum(answer, 20, answer.length, 0)).isEqualTo(0xffff);
                    assertThat(fields.getInt(24)).isZero();
                    assertThat(Arrays.copyOfRange(answer, 28, answer.length))
                            .isEqualTo(Arrays.copyOf(packet, quoted));
                });
    }

    @Test
    void questionsOfIcmpAreAnsweredAndItsErrorsAreNot() {
        assertThat(answer(ping(8))).hasSize(28 + 84);
        assertThat(answer(ping(0))).hasSize(28 + 84);
        for (int error : new int[] {3, 4, 5, 11, 12, 99}) {
            assertThat(answer(ping(error))).as("type %d", error).isEmpty();
        }
    }

    @Test
    void whatIsNoPacketBetweenHostsOrNotItsBeginningIsNotAnswered() {
        assertThat(answer(with(16, 0xe0000001))).as("to many").isEmpty();
        assertThat(answer(with(16, 0xffffffff))).as("to all").isEmpty();
        assertThat(answer(with(12, 0))).as("from nobody").isEmpty();
        assertThat(answer(with(12, 0x7f000001))).as("from a loopback device").isEmpty();
        assertThat(answer(with(4, 0x00002000))).as("the first part").isNotEmpty();
        assertThat(answer(with(4, 1))).as("a later part").isEmpty();
        assertThat(answer(with(0, 0x44000054))).as("too short a header").isEmpty();
        assertThat(answer(Arrays.copyOf(ping(8), 27))).as("too short").isEmpty();
        assertThat(answer(Arrays.copyOf(ping(8), 28))).as("just long enough").isNotEmpty();
    }

    private static byte[] with(int at, int value) {
        byte[] packet = ping(8);
        ByteBuffer.wrap(packet).putInt(at, value);
        return packet;
    }
}
