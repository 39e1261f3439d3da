package io.skerry.flannel.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.flannel.Await;
import io.skerry.flannel.TestHost;
import io.skerry.flannel.TestKeys;
import io.skerry.flannel.TestNetwork;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.kernel.Kernel;
import io.skerry.flannel.kernel.Rtnetlink;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts in namespaces, the real kernel, a real store. */
class FlannelDaemonTest {
    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"vxlan", "host-gw", "udp"})
    void allHostsReachEachOtherAndTellTheirSubnet(String backend) throws Exception {
        try (var members = new Members(directory, 3)) {
            members.configureBackend(backend);
            members.startAll();

            members.awaitAllReachEachOther();

            int mtu = backend.equals("vxlan") ? 1450 : backend.equals("udp") ? 1472 : 1500;
            Cidr own = members.subnet(2);
            assertThat(Files.readString(members.file(2)))
                    .isEqualTo(
                            "FLANNEL_NETWORK=10.77.0.0/16\nFLANNEL_SUBNET="
                                    + own.first().plus(1)
                                    + "/24\nFLANNEL_MTU="
                                    + mtu
                                    + "\nFLANNEL_IPMASQ=true\n");
            assertThat(Files.readString(members.cniConf(2)))
                    .isEqualTo(CniConfig.USUAL.text(SubnetEnv.read(members.file(2))));
        }
    }

    @Test
    void hostsOfANetworkInKeysOfV2ReachEachOther() throws Exception {
        try (var members = new Members(directory, 2, TestKeys.Api.V2)) {
            members.configureBackend("host-gw");
            members.startAll();

            members.awaitAllReachEachOther();
            String peer = members.subnet(2).toString();

            members.daemon(2).leave();
            Await.until("its route is gone", () -> !members.routes(1).contains(peer));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wireguard", "ipip"})
    void backendThatTheKernelLacksIsRefusedAtStartAndElseCarries(String backend) throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configureBackend(backend);
            if (members.host(1).on(() -> makes(backend))) {
                members.startAll();
                members.awaitAllReachEachOther();
                assertThat(Files.exists(members.file(1).resolveSibling("wgkey")))
                        .isEqualTo(backend.equals("wireguard"));
                return;
            }
            members.start(1);

            Await.until(
                    "it is told",
                    () ->
                            members.told(1)
                                    .contains(
                                            "Backend.Type is "
                                                    + backend
                                                    + ", and this host's kernel has no such"));
            assertThat(members.daemon(1).subnets()).isEmpty();
        }
    }

    private static boolean makes(String kind) throws Exception {
        try (Kernel kernel = Rtnetlink.open()) {
            return kernel.makes(kind);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vxlan", "host-gw"})
    void networkOfBothFamiliesCarriesBoth(String backend) throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configure(
                    "{\"Network\":\"10.77.0.0/16\",\"EnableIPv6\":true,"
                            + "\"IPv6Network\":\"fd77::/48\",\"Backend\":{\"Type\":\""
                            + backend
                            + "\"}}");
            members.startAll();
            members.awaitAllReachEachOther();

            for (int number = 1; number <= 2; number++) {
                members.host(number).ip("addr", "add", ipv6(members, number) + "/128", "dev", "lo");
            }
            Await.until(
                    "IPv6 is carried",
                    () ->
                            members.host(1)
                                    .reaches(members.host(2), ipv6(members, 1), ipv6(members, 2)));
            assertThat(Files.readString(members.file(1)))
                    .contains(
                            "FLANNEL_IPV6_NETWORK=fd77::/48\nFLANNEL_IPV6_SUBNET=fd77:",
                            backend.equals("vxlan") ? "MTU=1430" : "MTU=1500");
            assertThat(nft(members, "list", "ruleset"))
                    .contains("table ip6 skerry_flannel_fd77___48");

            Cidr peer = members.daemon(2).subnets().orElseThrow().ipv6().orElseThrow();

            members.configureBackend(backend);

            Await.until(
                    "nothing of IPv6 is left",
                    () ->
                            !members.host(1).ip("-6", "route").contains(peer.toString())
                                    && !members.host(1).ip("link").contains("flannel-v6")
                                    && !nft(members, "list", "ruleset").contains("ip6"));
            members.awaitAllReachEachOther();
        }
    }

    private static String ipv6(Members members, int number) {
        var subnets = members.daemon(number).subnets().orElseThrow();
        return subnets.ipv6().orElseThrow().first().plus(2).toString();
    }

    @Test
    void whatIsDamagedByHandComesBack() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configureBackend("vxlan");
            members.startAll();
            members.awaitAllReachEachOther();
            String peer = members.subnet(2).toString();

            members.host(1).ip("route", "del", peer);
            Await.until("the route is back", () -> members.routes(1).contains(peer));

            members.host(1).ip("link", "del", "flannel.1");
            Await.until("the route is back", () -> members.routes(1).contains(peer));
            members.awaitAllReachEachOther();

            String neighbour = members.subnet(2).first().toString();
            members.host(1).ip("neigh", "del", neighbour, "dev", "flannel.1");
            Await.until(
                    "the neighbour is back",
                    () -> members.host(1).ip("neigh").contains(neighbour + " dev flannel.1"));

            assertThat(nft(members, "delete", "table", "ip", "skerry_flannel_10_77_0_0_16"))
                    .isEmpty();
            Await.until(
                    "the rules are back",
                    () -> nft(members, "list", "ruleset").contains("masquerade fully-random"));
        }
    }

    private static String nft(Members members, String... words) throws Exception {
        var command = new String[words.length + 1];
        command[0] = "nft";
        System.arraycopy(words, 0, command, 1, words.length);
        return members.host(1).run(command).stdout();
    }

    @Test
    void udpCarriesAgainWhenItsDeviceWasDeleted() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configureBackend("udp");
            members.startAll();
            members.awaitAllReachEachOther();

            members.host(1).ip("link", "del", "flannel0");

            Await.until(
                    "the device is back",
                    () -> members.routes(1).contains("10.77.0.0/16 dev flannel0"));
            members.awaitAllReachEachOther();
        }
    }

    @Test
    void udpCarriesToHostsOfTheOriginalWhoseLeasesNameNoBackend() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configureBackend("udp");
            members.client.put(
                    Members.KEYS.subnets() + "10.77.200.0-24",
                    ByteString.copyFromUtf8("{\"PublicIP\":\"10.88.0.12\",\"PublicIPv6\":null}"));
            members.start(1);
            members.awaitReady(1);
            var peer = InetAddress.getByName(TestNetwork.address(2));
            try (var original = members.host(2).on(() -> new DatagramSocket(8285, peer));
                    var sender = members.host(1).on(DatagramSocket::new)) {
                original.setSoTimeout(100);
                var container = new InetSocketAddress("10.77.200.2", 9);
                var packet = new DatagramPacket(new byte[2000], 2000);

                Await.until(
                        "a packet comes",
                        () -> {
                            sender.send(new DatagramPacket(new byte[100], 100, container));
                            try {
                                original.receive(packet);
                                return true;
                            } catch (SocketTimeoutException e) {
                                return false;
                            }
                        });
                assertThat(packet.getLength()).isEqualTo(128);
            }
        }
    }

    @Test
    void pathThatCarriesLessThanIsSentIsTold() throws Exception {
        try (var members = new Members(directory, 3)) {
            // A switch drops what is too long for a port, without a word. Only the first length is
            // too long here, so that the search does not have to wait for others that are lost.
            members.network.bridge().ip("link", "set", "h2", "mtu", "1499");
            members.configureBackend("host-gw");
            members.startAll();

            var told = PathStatus.file(members.file(1));
            Await.until(
                    "both paths are checked",
                    () -> Files.exists(told) && Files.readString(told).contains("\"checked\":2"));

            assertThat(PathStatus.parse(Files.readString(told)))
                    .contains(
                            new PathStatus(
                                    2,
                                    0,
                                    List.of(
                                            new PathStatus.Narrow(
                                                    Ip4.of("10.88.0.12"), 1499, 1500))));
        }
    }

    @Test
    void hostThatLeavesOrDiesLosesItsRoutes() throws Exception {
        try (var members = new Members(directory, 3, Members.SHORT_LEASE)) {
            members.configureBackend("host-gw");
            members.startAll();
            members.awaitAllReachEachOther();
            String leaver = members.subnet(2).toString();
            String dead = members.subnet(3).toString();

            members.daemon(2).leave();
            Await.until("its route is gone", () -> !members.routes(1).contains(leaver));

            members.daemon(3).close();
            Await.until("its route is gone", () -> !members.routes(1).contains(dead));
        }
    }

    @Test
    void hostThatIsCutOffIsLeftOutAndComesBackWithItsSubnet() throws Exception {
        try (var members = new Members(directory, 3, Members.SHORT_LEASE)) {
            members.configureBackend("host-gw");
            var line = members.ownLine(3);
            members.startAll();
            members.awaitAllReachEachOther();
            Cidr own = members.subnet(3);
            String file = Files.readString(members.file(3));

            line.cut();
            members.network.bridge().ip("link", "set", "h3", "nomaster");
            Await.until("its lease is over", () -> !members.routes(1).contains(own.toString()));

            Await.until("the others go on", () -> members.reaches(1, 2));
            // It cannot know better, and goes on with what it knew.
            assertThat(members.routes(3)).contains(members.subnet(1).toString());
            assertThat(Files.readString(members.file(3))).isEqualTo(file);

            line.mend();
            members.network.bridge().ip("link", "set", "h3", "master", "br0");
            Await.until("its lease is back", () -> members.routes(1).contains(own.toString()));
            members.awaitAllReachEachOther();
            assertThat(members.subnet(3)).isEqualTo(own);
            assertThat(Files.readString(members.file(3))).isEqualTo(file);
        }
    }

    @Test
    void forwardingGoesOnWhileNobodyRunsAndARestartMendsWhatChangedMeanwhile() throws Exception {
        try (var members = new Members(directory, 3)) {
            members.configureBackend("vxlan");
            members.startAll();
            members.awaitAllReachEachOther();
            Cidr own = members.subnet(1);
            String peer = members.subnet(2).toString();
            String gone = members.subnet(3).toString();

            members.daemon(1).close();
            members.daemon(3).leave();

            assertThat(members.reaches(1, 2)).isTrue();
            assertThat(members.routes(1)).contains(peer, gone);
            members.start(1);
            Await.until("the stale route is gone", () -> !members.routes(1).contains(gone));
            assertThat(members.routes(1)).contains(peer);
            members.awaitReady(1);
            assertThat(members.subnet(1)).isEqualTo(own);
        }
    }

    @Test
    void whatAFormerNetworkLeftGoesWhenTheProgramStartsWithAnother() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configureBackend("vxlan");
            members.client.put(
                    Members.KEYS.policies() + "default",
                    ByteString.copyFromUtf8("{\"name\":\"default\",\"action\":\"allow\"}"));
            members.startAll();
            members.awaitAllReachEachOther();
            Await.until(
                    "the policies' table is there",
                    () -> nft(members, "list", "tables").contains("skerry_policy_10_77_0_0_16"));
            // That of another network on the same host.
            nft(members, "add", "table", "ip", "skerry_flannel_10_99_0_0_16");

            members.daemon(1).close();
            members.configure("{\"Network\":\"10.78.0.0/16\",\"Backend\":{\"Type\":\"host-gw\"}}");
            members.start(1);
            members.awaitReady(1);

            Await.until(
                    "the new network's tables are there",
                    () -> nft(members, "list", "tables").contains("skerry_policy_10_78_0_0_16"));
            assertThat(nft(members, "list", "tables"))
                    .contains("skerry_flannel_10_78_0_0_16", "skerry_flannel_10_99_0_0_16")
                    .doesNotContain("10_77");
            assertThat(members.host(1).ip("link")).doesNotContain("flannel.1");
            assertThat(members.routes(1)).doesNotContain("10.77.");
        }
    }

    @Test
    void hostThatStartsAgainWhileTheStoreIsAwayCarriesAsBefore() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configureBackend("udp");
            members.startAll();
            members.awaitAllReachEachOther();
            var own = members.subnet(1);

            members.freezeStore();
            members.daemon(1).close();
            members.start(1);

            Await.until("it has its subnet", () -> members.daemon(1).subnets().isPresent());
            assertThat(members.subnet(1)).isEqualTo(own);
            members.awaitAllReachEachOther();
            members.thawStore();
            members.awaitReady(1);
        }
    }

    @Test
    void containersReachEachOtherByTheirAddressesAndTheOutsideByTheirHosts() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configureBackend("vxlan");
            members.start(1);
            members.start(2);
            members.awaitReady(1);
            members.awaitReady(2);
            var one = container(members, 1);
            var two = container(members, 2);
            String first = members.container(1).toString();
            String second = members.container(2).toString();

            Await.until("containers reach each other", () -> one.reaches(two, first, second));

            assertThat(one.seenBy(two, second)).isEqualTo(first);
            Await.until(
                    "the rules are there",
                    () -> nft(members, "list", "ruleset").contains("masquerade"));
            assertThat(one.seenBy(members.network.bridge(), "10.88.0.1")).isEqualTo("10.88.0.11");
        }
    }

    private static TestHost container(Members members, int number) throws Exception {
        return members.network.container(
                members.host(number),
                members.subnet(number).first().plus(1).toString(),
                members.container(number).toString());
    }

    @Test
    void ownLeaseThatSomebodyDeletesIsClaimedAgain() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configureBackend("host-gw");
            members.startAll();
            String key = Members.KEYS.subnets(PerFamily.only(Family.IPV4, members.subnet(1)));
            String peer = members.subnet(1).toString();
            Await.until("the route is there", () -> members.routes(2).contains(peer));

            members.client.delete(key);

            Await.until("the lease is back", () -> members.client.get(key).isPresent());
            Await.until("the route is back", () -> members.routes(2).contains(peer));
        }
    }

    @Test
    void configurationMayComeLateAndChange() throws Exception {
        try (var members = new Members(directory, 2, Members.SHORT_LEASE)) {
            members.start(1);
            Await.until(
                    "the daemon says what it waits for",
                    () ->
                            members.daemon(1).problem().orElse("").contains("waits for a config")
                                    && members.daemon(1).subnets().isEmpty());
            members.configure("{\"Network\":\"10.78.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}");
            members.startAll();
            members.awaitAllReachEachOther();

            members.configureBackend("host-gw");

            for (int number = 1; number <= 2; number++) {
                int host = number;
                Await.until(
                        "the new network is taken up",
                        () -> Files.readString(members.file(host)).contains("10.77."));
            }
            String peer = members.subnet(2).toString();
            Await.until(
                    "the new route is there",
                    () -> members.routes(1).contains(peer + " via 10.88.0.12 dev eth0"));
            Await.until(
                    "the old leases are gone",
                    () -> members.client.list(Members.KEYS.subnets()).entries().size() == 2);
        }
    }

    @Test
    void configurationOfNoUseIsToldAndTheLastOneKept() throws Exception {
        try (var members = new Members(directory, 2)) {
            members.configureBackend("vxlan");
            members.startAll();
            members.awaitAllReachEachOther();

            members.configure("{\"Network\":\"nonsense\"}");
            members.host(1).ip("link", "del", "flannel.1");

            Await.until(
                    "the device is back",
                    () -> members.routes(1).contains(members.subnet(2).toString()));
            members.awaitAllReachEachOther();
        }
    }
}
