package io.skerry.flannel.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Cidr6;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import io.skerry.flannel.address.WireguardKey;
import io.skerry.flannel.address.WireguardSecret;
import io.skerry.flannel.plan.Tunnel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The layout of linux/wireguard.h, which a kernel's answers and what it is told share. */
class WireguardMessagesTest {
    private static final int NUMBER = 0x1234;
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

    private static byte[] bytes(int value) {
        var bytes = new byte[WireguardKey.BYTES];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static Tunnel tunnel(int key, Ip host, Cidr... subnets) {
        return new Tunnel(
                WireguardKey.of(bytes(key)),
                Optional.of(WireguardSecret.of(bytes(0x22))),
                Optional.of(host),
                51_820,
                25,
                Set.of(subnets),
                false);
    }

    private static ByteBuffer body(Message message) {
        return message.finish(1)
                .slice(16, message.finish(1).limit() - 16)
                .order(ByteOrder.nativeOrder());
    }

    private static Tunnel read(Message... messages) {
        var bodies = Arrays.stream(messages).map(WireguardMessagesTest::body).toList();
        List<Tunnel> tunnels = WireguardMessages.read(bodies, NOW).tunnels();
        assertThat(tunnels).hasSize(1);
        return tunnels.getFirst();
    }

    @Test
    void peerIsWrittenAsTheKernelReadsIt() {
        ByteBuffer message =
                WireguardMessages.put(
                                NUMBER,
                                "wg0",
                                tunnel(0x11, Ip4.of("10.88.0.12"), Cidr4.of("10.77.2.0/24")))
                        .finish(7);
        var written = new byte[message.remaining()];
        message.get(written);

        // Numbers are the machine's, little end first wherever this runs; ports and addresses not.
        assertThat(HexFormat.of().formatHex(written))
                .isEqualTo(
                        "b0000000"
                                + "3412"
                                + "0500"
                                + "07000000"
                                + "00000000"
                                + "01010000"
                                + "0800"
                                + "0200"
                                + "77673000"
                                + "9400"
                                + "0880"
                                + "9000"
                                + "0080"
                                + "2400"
                                + "0100"
                                + "11".repeat(32)
                                + "2400"
                                + "0200"
                                + "22".repeat(32)
                                + "0800"
                                + "0300"
                                + "02000000"
                                + "1400"
                                + "0400"
                                + "0200"
                                + "ca6c"
                                + "0a58000c"
                                + "00".repeat(8)
                                + "0600"
                                + "0500"
                                + "1900"
                                + "0000"
                                + "2000"
                                + "0980"
                                + "1c00"
                                + "0080"
                                + "0600"
                                + "0100"
                                + "0200"
                                + "0000"
                                + "0800"
                                + "0200"
                                + "0a4d0200"
                                + "0500"
                                + "0300"
                                + "18"
                                + "000000");
    }

    @Test
    void peerOfEitherFamilyIsReadAsItWasWritten() {
        var four = tunnel(0x11, Ip4.of("10.88.0.12"), Cidr4.of("10.77.2.0/24"));
        var six = tunnel(0x11, Ip6.of("fd88::12"), Cidr6.of("fd77:0:0:2::/64"));

        assertThat(read(WireguardMessages.put(NUMBER, "wg0", four))).isEqualTo(four);
        assertThat(read(WireguardMessages.put(NUMBER, "wg0", six))).isEqualTo(six);
    }

    @Test
    void peerThatTakesSeveralMessagesIsOne() {
        var first = tunnel(0x11, Ip4.of("10.88.0.12"), Cidr4.of("10.77.2.0/24"));
        var more = tunnel(0x11, Ip4.of("10.88.0.12"), Cidr4.of("10.77.3.0/24"));

        var read =
                read(
                        WireguardMessages.put(NUMBER, "wg0", first),
                        WireguardMessages.put(NUMBER, "wg0", more));

        assertThat(read.subnets())
                .containsExactlyInAnyOrder(Cidr4.of("10.77.2.0/24"), Cidr4.of("10.77.3.0/24"));
    }

    /** A key that several hosts have, or one whose former leases have not run out. */
    @Test
    void peerMayHaveMoreSubnetsThanMostMessagesAreLong() {
        var subnets = new Cidr[300];
        for (int i = 0; i < subnets.length; i++) {
            subnets[i] = Cidr6.of("fd77:0:0:" + Integer.toHexString(i) + "::/64");
        }
        Tunnel tunnel = tunnel(0x11, Ip4.of("192.0.2.1"), subnets);

        assertThat(read(WireguardMessages.put(NUMBER, "flannel-wg-v6", tunnel))).isEqualTo(tunnel);
    }
}
