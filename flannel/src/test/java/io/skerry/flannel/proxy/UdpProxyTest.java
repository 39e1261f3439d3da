package io.skerry.flannel.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.flannel.Await;
import io.skerry.flannel.TestHost;
import io.skerry.flannel.TestNetwork;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real devices in namespaces, and the kernel's TCP. */
class UdpProxyTest {
    private static final int PORT = 8285;
    private static final int PATIENCE_SECONDS = 60;
    private static final int RESEND_MILLIS = 2000;
    private static final int BULK_BYTES = 3_000_000;
    private static final int MTU = 1472;

    private static UdpProxy open(TestNetwork network, int number, boolean offloads)
            throws Exception {
        TestHost host = network.host(number);
        host.ip("tuntap", "add", "flannel0", "mode", "tun");
        host.ip("addr", "add", "10.77." + number + ".1/16", "dev", "flannel0");
        host.ip("link", "set", "flannel0", "mtu", Integer.toString(MTU), "up");
        Ip4 local = Ip4.of(TestNetwork.address(number));
        UdpProxy proxy = host.on(() -> UdpProxy.open("flannel0", local, PORT, offloads, () -> {}));
        proxy.forward(
                Map.of(
                        Cidr4.of("10.77.1.0/24"), Ip4.of(TestNetwork.address(1)),
                        Cidr4.of("10.77.2.0/24"), Ip4.of(TestNetwork.address(2))));
        return proxy;
    }

    /** Who uses no offloads sends and receives single packets, as the original does. */
    @ParameterizedTest
    @CsvSource({"true, true, 1500", "true, false, 1500", "true, true, 1300"})
    void bytesArriveAsTheyWereSent(boolean first, boolean second, int underlay) throws Exception {
        try (var network = new TestNetwork(2)) {
            for (TestHost host : network.hosts()) {
                host.ip("link", "set", "eth0", "mtu", Integer.toString(underlay));
            }
            try (var one = open(network, 1, first);
                    var two = open(network, 2, second)) {
                bulk(network, 1, 2);
                bulk(network, 2, 1);
                datagrams(network, 1, 2);
                datagrams(network, 2, 1);

                long least = BULK_BYTES / MTU;
                assertThat(one.sent()).isGreaterThan(least);
                assertThat(two.sent()).isGreaterThan(least);
                assertThat(one.received()).isGreaterThan(least);
                assertThat(two.received()).isGreaterThan(least);
            }
        }
    }

    /** The hosts are on two links then, and the router between them says nothing of the second. */
    @Test
    void longPacketsComeThroughAPathThatIsNarrowerThanTheHostsKnow() throws Exception {
        try (var network = new TestNetwork(1)) {
            TestHost router = network.bridge();
            TestHost far = network.container(router, "10.99.0.1", "10.99.0.2");
            router.ip("link", "set", "c0", "mtu", "1400");
            for (String line :
                    List.of(
                            "add table ip mute",
                            "add chain ip mute out { type filter hook output priority 0; }",
                            "add rule ip mute out icmp type destination-unreachable drop")) {
                assertThat(router.run("nft", line).succeeded()).isTrue();
            }
            assertThat(router.run("sysctl", "-qw", "net.ipv4.ip_forward=1").succeeded()).isTrue();
            TestHost near = network.host(1);
            near.ip("tuntap", "add", "flannel0", "mode", "tun");
            near.ip("addr", "add", "10.77.1.1/16", "dev", "flannel0");
            near.ip("link", "set", "flannel0", "mtu", Integer.toString(MTU), "up");
            Ip4 local = Ip4.of(TestNetwork.address(1));
            try (var proxy = near.on(() -> UdpProxy.open("flannel0", local, PORT, () -> {}));
                    var peer = far.on(() -> new DatagramSocket(PORT, address("10.99.0.2")));
                    var client = near.on(() -> new DatagramSocket())) {
                proxy.forward(Map.of(Cidr4.of("10.77.2.0/24"), Ip4.of("10.99.0.2")));
                peer.setSoTimeout(RESEND_MILLIS);
                var received = new DatagramPacket(new byte[2000], 2000);

                Await.until(
                        "the longest packet comes",
                        () -> {
                            client.send(
                                    new DatagramPacket(
                                            new byte[MTU - 28], MTU - 28, address("10.77.2.2"), 9));
                            peer.receive(received);
                            return received.getLength() == MTU;
                        });
            }
        }
    }

    /**
     * Ping sends on whatever it is told, so that what came is seen by the kernel's own rules; TCP
     * gives up at once.
     */
    @Test
    void senderToAnAddressThatNoHostHasIsToldSo() throws Exception {
        try (var network = new TestNetwork(1)) {
            TestHost host = network.host(1);
            try (var proxy = open(network, 1, true)) {
                TestHost container = network.container(host, "10.77.1.1", "10.77.1.2");
                assertThat(host.run("sysctl", "-qw", "net.ipv4.ip_forward=1").succeeded()).isTrue();
                for (TestHost sender : List.of(host, container)) {
                    for (String line :
                            List.of(
                                    "add table ip told",
                                    "add chain ip told in { type filter hook input priority 0; }",
                                    "add rule ip told in icmp type destination-unreachable icmp"
                                            + " code net-unreachable ct state related counter")) {
                        assertThat(sender.run("nft", line).succeeded()).as(line).isTrue();
                    }

                    Await.until(
                            "ping is told",
                            () -> {
                                sender.run("busybox", "ping", "-c", "1", "-W", "1", "10.77.9.9");
                                return told(sender) > 0;
                            });

                    assertThatExceptionOfType(SocketException.class)
                            .isThrownBy(() -> sender.on(() -> connect("10.77.9.9")))
                            .withMessageContaining("unreachable");
                }
                assertThat(proxy.dropped()).isGreaterThanOrEqualTo(4);
            }
        }
    }

    private static boolean connect(String to) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(to, 9),
                    (int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            return true;
        }
    }

    private static int told(TestHost sender) throws Exception {
        var packets =
                Pattern.compile("packets (\\d+)")
                        .matcher(sender.run("nft", "list", "table", "ip", "told").stdout());
        return packets.find() ? Integer.parseInt(packets.group(1)) : 0;
    }

    private static InetAddress address(String text) throws IOException {
        return InetAddress.getByName(text);
    }

    private static void bulk(TestNetwork network, int from, int to) throws Exception {
        var bytes = new byte[BULK_BYTES];
        new Random(from).nextBytes(bytes);
        InetAddress address = InetAddress.getByName("10.77." + to + ".1");
        try (var server = network.host(to).on(() -> new ServerSocket(0, 1, address));
                var client =
                        network.host(from)
                                .on(() -> {
                                    var socket = new Socket();
                                    socket.connect(
                                            new InetSocketAddress(address, server.getLocalPort()),
                                            (int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
                                    return socket;
                                });
                var accepted = server.accept()) {
            accepted.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            var sending = CompletableFuture.runAsync(() -> send(client, bytes));

            byte[] received = accepted.getInputStream().readNBytes(BULK_BYTES);

            assertThat(Arrays.equals(received, bytes)).isTrue();
            sending.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void send(Socket client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of all lengths; one that was lost is sent again. */
    private static void datagrams(TestNetwork network, int from, int to) throws Exception {
        InetAddress address = InetAddress.getByName("10.77." + to + ".1");
        try (var server = network.host(to).on(() -> new DatagramSocket(0, address));
                var client = network.host(from).on(() -> new DatagramSocket())) {
            server.setSoTimeout(RESEND_MILLIS);
            for (int size = 0; size <= MTU - 28; size += 92) {
                var sent = new byte[size];
                new Random(size).nextBytes(sent);
                Await.until(
                        size + " bytes arrive",
                        () -> {
                            client.send(
                                    new DatagramPacket(
                                            sent, sent.length, address, server.getLocalPort()));
                            var received = new DatagramPacket(new byte[2000], 2000);
                            server.receive(received);
                            return Arrays.equals(
                                    Arrays.copyOf(received.getData(), received.getLength()), sent);
                        });
            }
        }
    }

    @Test
    void deviceAndPortAreFreeWhenItIsClosedAndItTellsWhenTheDeviceGoes() throws Exception {
        try (var network = new TestNetwork(1)) {
            TestHost host = network.host(1);
            Ip4 local = Ip4.of(TestNetwork.address(1));
            open(network, 1, true).close();
            var told = new AtomicBoolean();
            try (var again =
                    host.on(() ->
                            UdpProxy.open("flannel0", local, PORT, true, () -> told.set(true)))) {
                again.forward(Map.of());
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() ->
                                host.on(() -> UdpProxy.open("flannel0", local, PORT, () -> {})))
                        .withMessageContaining("in use");
                assertThat(told).isFalse();

                host.ip("link", "del", "flannel0");

                Await.until("it tells", told::get);
            }
        }
    }
}
