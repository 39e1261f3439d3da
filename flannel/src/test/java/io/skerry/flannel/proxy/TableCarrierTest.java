package io.skerry.flannel.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.base.thread.SteadyLoop;
import io.skerry.flannel.Await;
import io.skerry.flannel.Heard;
import io.skerry.flannel.TestHost;
import io.skerry.flannel.TestNetwork;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableCarrierTest {
    private static final HostTable BOTH =
            new HostTable(
                    Map.of(
                            Cidr4.of("10.77.1.0/24"), Ip4.of("10.88.0.11"),
                            Cidr4.of("10.77.2.0/24"), Ip4.of("10.88.0.12")));

    @Test
    void tableIsReadAsItIsWritten() throws IOException {
        assertThat(BOTH.text()).isEqualTo("10.77.1.0/24 10.88.0.11\n10.77.2.0/24 10.88.0.12\n");
        assertThat(HostTable.parse(BOTH.text())).isEqualTo(BOTH);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> HostTable.parse("10.77.1.0/24"))
                .withMessageContaining("10.77.1.0/24");
    }

    @Test
    void packetsAreCarriedByTheTableAndAgainWhenTheDeviceIsMadeAnew(@TempDir Path directory)
            throws Exception {
        Path table = directory.resolve("hosts");
        try (var network = new TestNetwork(2)) {
            makeDevice(network, 1);
            makeDevice(network, 2);
            try (var first = start(network, 1, table);
                    var second = start(network, 2, table)) {
                assertThat(first).isNotSameAs(second);
                Path written = directory.resolve("new");
                Files.writeString(written, BOTH.text());
                Files.move(written, table);
                Await.until("packets are carried", () -> reaches(network));

                network.host(1).ip("link", "del", "flannel0");
                makeDevice(network, 1);

                Await.until("packets are carried again", () -> reaches(network));
            }
        }
    }

    @Test
    void packetsAreCarriedAllTheSameAfterAFaultOfTheProgram(@TempDir Path directory)
            throws Exception {
        Path table = Files.writeString(directory.resolve("hosts"), BOTH.text());
        var first = new AtomicBoolean(true);
        try (var heard = Heard.of(SteadyLoop.class);
                var network = new TestNetwork(2)) {
            makeDevice(network, 1);
            makeDevice(network, 2);
            TableCarrier.Attaching faulty =
                    broken -> {
                        if (first.getAndSet(false)) {
                            throw new IllegalStateException("a fault of the test");
                        }
                        Ip4 local = Ip4.of(TestNetwork.address(1));
                        return UdpProxy.open("flannel0", local, 8285, broken);
                    };
            try (var one = network.host(1).on(() -> TableCarrier.start("flannel0", faulty, table));
                    var two = start(network, 2, table)) {
                assertThat(one).isNotSameAs(two);
                Await.until("packets are carried", () -> reaches(network));
                assertThat(heard.count("a fault of this program")).isEqualTo(1);
            }
        }
    }

    private static TableCarrier start(TestNetwork network, int number, Path table)
            throws Exception {
        Ip4 local = Ip4.of(TestNetwork.address(number));
        return network.host(number).on(() -> TableCarrier.start("flannel0", local, 8285, table));
    }

    private static void makeDevice(TestNetwork network, int number) throws Exception {
        TestHost host = network.host(number);
        host.ip("tuntap", "add", "flannel0", "mode", "tun");
        host.ip("addr", "add", "10.77." + number + ".1/16", "dev", "flannel0");
        host.ip("link", "set", "flannel0", "up");
    }

    private static boolean reaches(TestNetwork network) throws Exception {
        return network.host(1).reaches(network.host(2), "10.77.1.1", "10.77.2.1");
    }
}
