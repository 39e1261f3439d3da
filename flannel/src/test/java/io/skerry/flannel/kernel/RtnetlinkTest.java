package io.skerry.flannel.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Await;
import io.skerry.flannel.TestHost;
import io.skerry.flannel.TestNetwork;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Cidr6;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.address.WireguardKey;
import io.skerry.flannel.address.WireguardSecret;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.plan.Change;
import io.skerry.flannel.plan.Difference;
import io.skerry.flannel.plan.Identity;
import io.skerry.flannel.plan.Peer;
import io.skerry.flannel.plan.Plan;
import io.skerry.flannel.plan.Underlay;
import io.skerry.flannel.plan.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real kernel, in namespaces of its own. */
class RtnetlinkTest {
    private static final String VXLAN =
            "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}";
    private static final String HOST_GW =
            "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"host-gw\"}}";
    private static final String UDP =
            "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"udp\"}}";

    private static final String IPV6 =
            "{\"EnableIPv4\":false,\"EnableIPv6\":true,\"IPv6Network\":\"fd77::/48\","
                    + "\"Backend\":{\"Type\":\"%s\"}}";

    private final TestNetwork network = new TestNetwork(2);
    private final List<Kernel> kernels = new ArrayList<>();

    RtnetlinkTest() throws Exception {
        for (TestHost host : network.hosts()) {
            kernels.add(host.on(Rtnetlink::open));
        }
    }

    @AfterEach
    void remove() throws Exception {
        kernels.forEach(Kernel::close);
        network.close();
    }

    private static Mac mac(int number) {
        return Mac.local(0x7700L + ((long) number << 40));
    }

    private static WireguardSecret secret(int number) {
        var bytes = new byte[WireguardKey.BYTES];
        bytes[5] = (byte) number;
        return WireguardSecret.ofChance(bytes);
    }

    private static Cidr subnet(int number, NetworkConfig config) {
        return config.ranges().ipv4().isPresent()
                ? Cidr4.of("10.77." + number + ".0/24")
                : Cidr6.of("fd77:0:0:" + number + "::/64");
    }

    private static Peer peer(int number, NetworkConfig config) {
        Cidr subnet = subnet(number, config);
        return new Peer(
                subnet,
                subnet.family() == Family.IPV4
                        ? Ip4.of(TestNetwork.address(number))
                        : Ip6.of(TestNetwork.address6(number)),
                config.backend().type(),
                Optional.of(mac(number)),
                Optional.of(secret(number).publicKey()));
    }

    private Wanted wanted(int number, String json, Peer... peers) throws Exception {
        NetworkConfig config = NetworkJson.parse(json).config();
        var eth0 =
                kernel(number).interfaces().stream()
                        .filter(found -> found.name().equals("eth0"))
                        .findFirst()
                        .orElseThrow();
        Cidr own = subnet(number, config);
        Cidr address =
                eth0.addresses().stream()
                        .filter(found -> found.family() == own.family())
                        .findFirst()
                        .orElseThrow();
        var underlay = new Underlay("eth0", eth0.index(), address, address.address(), eth0.mtu());
        var identity = new Identity(Optional.of(mac(number)), Optional.of(secret(number)));
        return Plan.of(config, underlay, own, identity, List.of(peers));
    }

    private Kernel kernel(int number) {
        return kernels.get(number - 1);
    }

    private List<Change> missing(int number, Wanted wanted) throws Exception {
        return Difference.between(
                wanted, kernel(number).observe(device(wanted), wanted.overlay().family()));
    }

    private static Optional<String> device(Wanted wanted) {
        return wanted.device().map(spec -> spec.name());
    }

    private void bring(int number, Wanted wanted) throws Exception {
        var changes = missing(number, wanted);
        assertThat(network.host(number).on(() -> kernel(number).apply(changes))).isEmpty();
        assertThat(missing(number, wanted)).isEmpty();
    }

    private Wanted bringBoth(String json) throws Exception {
        NetworkConfig config = NetworkJson.parse(json).config();
        Wanted first = wanted(1, json, peer(2, config));
        bring(1, first);
        bring(2, wanted(2, json, peer(1, config)));
        for (int number = 1; number <= 2; number++) {
            Cidr container = Cidr.host(subnet(number, config).first().plus(2));
            network.host(number).ip("addr", "add", container.toString(), "dev", "lo");
        }
        return first;
    }

    /** The hosts' own addresses may be new to each other, which takes its time, and tries. */
    private void awaitCarried(String what) throws Exception {
        Await.until(
                "packets of IPv4 are carried, " + what,
                () -> network.host(1).reaches(network.host(2), "10.77.1.2", "10.77.2.2"));
    }

    private void awaitCarriedIpv6(String what) throws Exception {
        Await.until(
                "packets of IPv6 are carried, " + what,
                () -> network.host(1).reaches(network.host(2), "fd77:0:0:1::2", "fd77:0:0:2::2"));
    }

    @Test
    void vxlanOfIpv6IsAsTheOriginalMakesItAndCarries() throws Exception {
        bringBoth(IPV6.formatted("vxlan"));

        TestHost host = network.host(1);
        assertThat(host.ip("-d", "link", "show", "flannel-v6.1"))
                .contains("mtu 1430")
                .contains("vxlan id 1 local fd88::11 dev eth0")
                .contains("dstport 8472 nolearning");
        assertThat(host.ip("addr", "show", "flannel-v6.1")).contains("inet6 fd77:0:0:1::/128");
        assertThat(host.ip("-6", "route"))
                .containsPattern("fd77:0:0:2::/64 via fd77:0:0:2:: dev flannel-v6.1 .*onlink");
        assertThat(host.ip("-6", "neigh", "show", "dev", "flannel-v6.1"))
                .contains("fd77:0:0:2:: lladdr " + mac(2) + " PERMANENT");
        assertThat(host.run("bridge", "fdb", "show", "dev", "flannel-v6.1").stdout())
                .contains(mac(2) + " dst fd88::12 self permanent");
        awaitCarriedIpv6("at first");
    }

    @Test
    void hostGwOfIpv6IsPlainRoutes() throws Exception {
        bringBoth(IPV6.formatted("host-gw"));

        assertThat(network.host(1).ip("-6", "route"))
                .contains("fd77:0:0:2::/64 via fd88::12 dev eth0");
        awaitCarriedIpv6("at first");
    }

    @Test
    void damageToIpv6IsSeenAndMended() throws Exception {
        Wanted wanted = bringBoth(IPV6.formatted("vxlan"));
        TestHost host = network.host(1);
        var damages =
                List.of(
                        "ip route del fd77:0:0:2::/64",
                        "ip route replace fd77:0:0:2::/64 via fd88::1",
                        "ip neigh del fd77:0:0:2:: dev flannel-v6.1",
                        "bridge fdb del " + mac(2) + " dev flannel-v6.1 dst fd88::12",
                        "ip addr del fd77:0:0:1::/128 dev flannel-v6.1",
                        "ip link set flannel-v6.1 down",
                        "ip link del flannel-v6.1");
        for (String damage : damages) {
            assertThat(host.run(damage.split(" ")).succeeded()).as(damage).isTrue();
            assertThat(missing(1, wanted)).as(damage).isNotEmpty();

            bring(1, wanted);

            awaitCarriedIpv6("after " + damage);
        }
    }

    @Test
    void vxlanIsAsTheOriginalMakesItAndCarries() throws Exception {
        bringBoth(VXLAN);

        TestHost host = network.host(1);
        assertThat(host.ip("-d", "link", "show", "flannel.1"))
                .contains("mtu 1450")
                .contains("vxlan id 1 local 10.88.0.11 dev eth0")
                .contains("dstport 8472 nolearning")
                .contains("link/ether " + mac(1));
        assertThat(host.ip("addr", "show", "flannel.1")).contains("inet 10.77.1.0/32");
        assertThat(host.ip("route")).contains("10.77.2.0/24 via 10.77.2.0 dev flannel.1 onlink");
        assertThat(host.ip("neigh", "show", "dev", "flannel.1"))
                .contains("10.77.2.0 lladdr " + mac(2) + " PERMANENT");
        assertThat(host.run("bridge", "fdb", "show", "dev", "flannel.1").stdout())
                .contains(mac(2) + " dst 10.88.0.12 self permanent");
        awaitCarried("at first");
    }

    @Test
    void directRoutingLeavesOutTheEncapsulationOnOneLink() throws Exception {
        bringBoth(
                "{\"Network\":\"10.77.0.0/16\","
                        + "\"Backend\":{\"Type\":\"vxlan\",\"DirectRouting\":true}}");

        assertThat(network.host(1).ip("route")).contains("10.77.2.0/24 via 10.88.0.12 dev eth0");
        awaitCarried("at first");
    }

    @Test
    void optionsOfVxlanReachTheDevice() throws Exception {
        Wanted wanted =
                wanted(
                        1,
                        "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\",\"VNI\":7,"
                                + "\"Port\":4789,\"GBP\":true,\"Learning\":true,\"MTU\":1400}}");
        bring(1, wanted);

        assertThat(network.host(1).ip("-d", "link", "show", "flannel.7"))
                .contains("mtu 1350")
                .contains("vxlan id 7 ")
                .contains("dstport 4789")
                .contains("gbp")
                .doesNotContain("nolearning");
    }

    @Test
    void hostGwIsPlainRoutes() throws Exception {
        bringBoth(HOST_GW);

        assertThat(network.host(1).ip("route")).contains("10.77.2.0/24 via 10.88.0.12 dev eth0");
        awaitCarried("at first");
    }

    @Test
    void tunDeviceStaysWhenNobodyHasItOpen() throws Exception {
        bring(1, wanted(1, UDP));

        assertThat(network.host(1).ip("route")).contains("10.77.0.0/16 dev flannel0");
    }

    @Test
    void everyDamageIsSeenAndMended() throws Exception {
        Wanted wanted = bringBoth(VXLAN);
        TestHost host = network.host(1);
        var damages =
                List.of(
                        "ip route del 10.77.2.0/24",
                        "ip route replace 10.77.2.0/24 via 10.88.0.1",
                        "ip neigh del 10.77.2.0 dev flannel.1",
                        "ip neigh replace 10.77.2.0 lladdr 02:00:00:00:00:09 dev flannel.1 nud"
                                + " permanent",
                        "bridge fdb del " + mac(2) + " dev flannel.1 dst 10.88.0.12",
                        "bridge fdb replace " + mac(2) + " dev flannel.1 dst 10.88.0.99 self",
                        "ip addr del 10.77.1.0/32 dev flannel.1",
                        "ip link set flannel.1 down",
                        "ip link set flannel.1 mtu 1300",
                        "ip link set flannel.1 address 02:00:00:00:00:07",
                        "ip link del flannel.1");
        for (String damage : damages) {
            assertThat(host.run(damage.split(" ")).succeeded()).as(damage).isTrue();
            assertThat(missing(1, wanted)).as(damage).isNotEmpty();

            bring(1, wanted);

            awaitCarried("after " + damage);
        }
    }

    @Test
    void whatAnEarlierRunLeftIsRemovedAndWhatOthersPutThereStays() throws Exception {
        NetworkConfig config = NetworkJson.parse(VXLAN).config();
        bring(1, wanted(1, VXLAN, peer(2, config), peer(3, config)));
        TestHost host = network.host(1);
        host.ip("route", "add", "10.77.9.0/24", "via", "10.88.0.12");
        host.ip("route", "add", "192.0.2.0/24", "via", "10.88.0.12");
        host.ip("route", "add", "10.77.0.0/20", "via", "10.88.0.12");

        bring(1, wanted(1, VXLAN, peer(2, config)));

        assertThat(host.ip("route"))
                .contains("10.77.2.0/24", "192.0.2.0/24", "10.77.0.0/20", "default via 10.88.0.1")
                .doesNotContain("10.77.3.0/24", "10.77.9.0/24");
        assertThat(host.ip("neigh", "show", "dev", "flannel.1")).doesNotContain("10.77.3.0");
    }

    @Test
    void deviceOfAnotherMakingIsReplaced() throws Exception {
        TestHost host = network.host(1);
        host.ip("link", "add", "flannel.1", "type", "vxlan", "id", "9", "dstport", "4789");

        bring(1, wanted(1, VXLAN));

        assertThat(host.ip("-d", "link", "show", "flannel.1")).contains("vxlan id 1 ");
    }

    @Test
    void kernelsRefusalIsToldInItsWords() throws Exception {
        var told =
                kernel(1)
                        .apply(
                                List.of(
                                        new Change.RemoveRoute(
                                                new io.skerry.flannel.plan.Route(
                                                        Cidr4.of("10.77.2.0/24"),
                                                        Optional.empty(),
                                                        "eth0",
                                                        false,
                                                        0))));

        assertThat(told).singleElement().asString().contains("removing route 10.77.2.0/24");
    }

    /** Where a kernel lacks a module, it must be told which one it is. */
    private boolean lacks(String backend) throws Exception {
        if (kernel(1).makes(backend)) {
            return false;
        }
        Wanted wanted = wanted(1, HOST_GW.replace("host-gw", backend));
        assertThat(kernel(1).apply(missing(1, wanted)).getFirst())
                .contains("the kernel's module " + backend);
        return true;
    }

    @Test
    void ipipCarriesWhereTheKernelHasIt() throws Exception {
        if (lacks("ipip")) {
            return;
        }
        Wanted wanted = bringBoth(HOST_GW.replace("host-gw", "ipip"));
        TestHost host = network.host(1);

        assertThat(host.ip("-d", "link", "show", "flannel.ipip"))
                .contains("mtu 1480")
                .containsPattern("ipip .*local 10.88.0.11 dev eth0");
        assertThat(host.ip("route"))
                .contains("10.77.2.0/24 via 10.88.0.12 dev flannel.ipip onlink");
        awaitCarried("at first");
        for (String damage : List.of("ip route del 10.77.2.0/24", "ip link del flannel.ipip")) {
            assertThat(host.run(damage.split(" ")).succeeded()).as(damage).isTrue();
            bring(1, wanted);
            awaitCarried("after " + damage);
        }
    }

    @Test
    void wireguardCarriesWhereTheKernelHasIt() throws Exception {
        if (lacks("wireguard")) {
            return;
        }
        String json =
                "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"wireguard\",\"PSK\":\""
                        + secret(9).base64()
                        + "\"}}";
        Wanted wanted = bringBoth(json);
        TestHost host = network.host(1);

        assertThat(host.ip("-d", "link", "show", "flannel-wg")).contains("mtu 1420", "wireguard");
        assertThat(host.ip("addr", "show", "flannel-wg")).contains("inet 10.77.1.0/32");
        assertThat(host.ip("route")).contains("10.77.0.0/16 dev flannel-wg scope link");
        awaitCarried("at first");
        assertThat(missing(1, wanted)).isEmpty();
        NetworkConfig config = NetworkJson.parse(json).config();
        bring(1, wanted(1, json, peer(2, config), peer(3, config)));
        bring(1, wanted);
        for (String damage :
                List.of(
                        "ip route del 10.77.0.0/16",
                        "ip addr del 10.77.1.0/32 dev flannel-wg",
                        "ip link set flannel-wg down",
                        "ip link del flannel-wg")) {
            assertThat(host.run(damage.split(" ")).succeeded()).as(damage).isTrue();
            assertThat(missing(1, wanted)).as(damage).isNotEmpty();
            bring(1, wanted);
            awaitCarried("after " + damage);
        }
    }

    @Test
    void wireguardOfIpv6CarriesWhereTheKernelHasIt() throws Exception {
        if (lacks("wireguard")) {
            return;
        }
        bringBoth(IPV6.formatted("wireguard"));

        assertThat(network.host(1).ip("-6", "route")).contains("fd77::/48 dev flannel-wg-v6");
        awaitCarriedIpv6("at first");
    }

    @Test
    void kernelTellsWhichDevicesItCanMakeAndNoneOfThemStays() throws Exception {
        assertThat(kernel(1).makes("vxlan")).isTrue();
        assertThat(kernel(1).makes("bridge")).isTrue();
        assertThat(kernel(1).makes("nosuchkind")).isFalse();
        assertThat(network.host(1).ip("link")).doesNotContain("flannel-probe");
    }

    @Test
    void waysAndInterfacesAreTold() throws Exception {
        Kernel kernel = kernel(1);

        int eth0 = kernel.defaultDevice(Family.IPV4).orElseThrow();
        assertThat(kernel.wayTo(Ip4.of("10.88.0.12")).orElseThrow())
                .isEqualTo(new Kernel.Way(eth0, Optional.of(Ip4.of("10.88.0.11"))));
        assertThat(kernel.interfaces())
                .anyMatch(found ->
                        found.index() == eth0
                                && found.addresses()
                                        .equals(
                                                List.of(
                                                        Cidr4.of("10.88.0.11/24"),
                                                        Cidr6.of("fd88::11/64"))));
        assertThat(kernel.defaultDevice(Family.IPV6)).contains(eth0);
        assertThat(kernel.wayTo(Ip6.of("fd88::12")).orElseThrow())
                .isEqualTo(new Kernel.Way(eth0, Optional.of(Ip6.of("fd88::11"))));
    }

    @Test
    void checksumsAreSwitchedOffWhereTheyAreFaulty() throws Exception {
        bring(1, wanted(1, VXLAN));

        boolean after =
                network.host(1)
                        .on(() -> {
                            Checksums.switchOff("flannel.1");
                            return Checksums.areOn("flannel.1");
                        });

        assertThat(after).isFalse();
        assertThat(Checksums.areFaulty("5.6.19-generic\n")).isTrue();
        assertThat(Checksums.areFaulty("4.19.0\n")).isTrue();
        assertThat(Checksums.areFaulty("5.7.0\n")).isFalse();
        assertThat(Checksums.areFaulty("6.18.1\n")).isFalse();
    }
}
