package io.skerry.node.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.daemon.PathStatus;
import io.skerry.flannel.filter.Counts;
import io.skerry.flannel.subnet.Endpoint;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.LeaseValue;
import io.skerry.node.playground.OverlayView.HostView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OverlayViewTest {
    private static final String TABLES =
            """
            [{"ifname":"eth0","mtu":1500,"linkinfo":{"info_kind":"veth"},
              "stats64":{"rx":{"packets":7,"errors":0},"tx":{"packets":9,"errors":0}}},
             {"ifname":"flannel.1","mtu":1450,"linkinfo":{"info_kind":"vxlan"},
              "stats64":{"rx":{"packets":3,"errors":1},"tx":{"packets":4,"errors":0}}},
             {"ifname":"flannel-v6.1","mtu":1430,"linkinfo":{"info_kind":"vxlan"}}]
            [{"dst":"default","gateway":"10.88.0.1","dev":"eth0","flags":[]},
             {"dst":"10.77.2.0/24","gateway":"10.77.2.0","dev":"flannel.1","flags":["onlink"]},
             {"dst":"10.77.3.0/24","gateway":"10.88.0.13","dev":"eth0","flags":[]},
             {"dst":"10.77.4.0/24","gateway":"10.77.4.0","dev":"flannel.1","flags":["onlink"]}]
            [{"dst":"10.77.2.0","dev":"flannel.1","lladdr":"02:00:00:00:00:02","state":["PERMANENT"]},
             {"dst":"fd77:0:0:2::","dev":"flannel-v6.1","lladdr":"02:00:00:00:06:02"},
             {"dst":"10.88.0.9","dev":"eth0","state":["FAILED"]}]
            [{"mac":"02:00:00:00:00:02","ifname":"flannel.1","dst":"10.88.0.12","state":"permanent"},
             {"mac":"33:33:00:00:00:01","ifname":"eth0","state":"permanent"},
             {"mac":"02:00:00:00:06:02","ifname":"flannel-v6.1","dst":"fd88::12","state":"permanent"}]
            [{"dst":"fd77:0:0:2::/64","gateway":"fd77:0:0:2::","dev":"flannel-v6.1","flags":[]}]
            {"policies":2,"lastError":"once","packetsDenied":5,"packetsStopped":1}
            {"checked":2,"unanswered":0,"narrow":[{"host":"10.88.0.12","carried":1400,"wanted":1500}]}
            """;

    private final HostView h1;
    private final OverlayView view;

    OverlayViewTest() throws Exception {
        String json =
                "{\"Network\":\"10.77.0.0/16\",\"EnableIPv6\":true,\"IPv6Network\":\"fd77::/48\","
                        + "\"Backend\":{\"Type\":\"vxlan\"}}";
        h1 = new HostView("h1", Ip4.of("10.88.0.11"), HostTables.parse(TABLES));
        view =
                new OverlayView(
                        json,
                        NetworkJson.parse(json).config(),
                        List.of(lease(1), lease(2), lease(3), lease(4), lease(5)),
                        List.of(h1, new HostView("h2", Ip4.of("10.88.0.12"), HostTables.EMPTY)));
    }

    private static Lease lease(int number) {
        var subnets =
                new PerFamily<Cidr>(
                        Cidr.parse("10.77." + number + ".0/24"),
                        Cidr.parse("fd77:0:0:" + number + "::/64"));
        var endpoints =
                new PerFamily<Endpoint>(
                        endpoint(Ip4.of("10.88.0.1" + number)),
                        endpoint(Ip6.of("fd88::1" + number)));
        return new Lease("/k/" + number, subnets, new LeaseValue(endpoints, "vxlan", 1), 1, number);
    }

    private static Optional<Endpoint> endpoint(Ip publicIp) {
        return Optional.of(new Endpoint(publicIp, Optional.empty()));
    }

    private OverlayView.Way to(String address) {
        return view.way(h1, Ip.parse(address).orElseThrow());
    }

    @Test
    void wayThroughTheTunnelIsFollowedOverNeighbourAndForwardingEntry() {
        assertThat(to("10.77.2.9").arrives()).isTrue();
        assertThat(to("10.77.2.9").device()).isEqualTo("flannel.1");
        assertThat(to("10.77.2.9").steps())
                .extracting(OverlayView.Step::what)
                .containsExactly(
                        "route 10.77.2.0/24 via 10.77.2.0 dev flannel.1",
                        "neighbour 02:00:00:00:00:02 on flannel.1",
                        "in UDP to 10.88.0.12 by VXLAN",
                        "has 10.77.2.0/24");
    }

    @Test
    void wayOfAnotherFamilyLeadsThroughItsOwnDevice() {
        assertThat(to("fd77:0:0:2::9").arrives()).isTrue();
        assertThat(to("fd77:0:0:2::9").device()).isEqualTo("flannel-v6.1");
        assertThat(to("fd77:0:0:2::9").steps())
                .extracting(OverlayView.Step::where)
                .containsExactly("h1", "h1", "h1", "h2");
        assertThat(to("fd77:0:0:3::9").broken()).isEqualTo("h1 has no route to fd77:0:0:3::9");
    }

    @Test
    void plainRouteLeadsToTheHostItself() {
        assertThat(to("10.77.3.9").arrives()).isTrue();
        assertThat(to("10.77.3.9").steps())
                .extracting(OverlayView.Step::what)
                .contains("as it is to 10.88.0.13");
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        assertThat(to("10.77.4.9").broken()).isEqualTo("h1 does not know where to send it");
        assertThat(to("10.77.5.9").broken())
                .isEqualTo("it is sent to 10.88.0.1 and the subnet is 10.88.0.15's");
        assertThat(to("10.77.9.9").broken()).isEqualTo("no host has a subnet with 10.77.9.9");
        assertThat(view.way(view.hosts().get(1), Ip4.of("10.77.3.9")).broken())
                .isEqualTo("h2 has no route to 10.77.3.9");
    }

    @Test
    void hostTellsWhichPathsCarryTooLittle() {
        assertThat(h1.tables().paths().orElseThrow().narrow())
                .containsExactly(new PathStatus.Narrow(Ip4.of("10.88.0.12"), 1400, 1500));
    }

    @Test
    void hostTellsHowItsPoliciesFare() {
        var policies = h1.tables().policies().orElseThrow();

        assertThat(policies.policies()).isEqualTo(2);
        assertThat(policies.lastError()).isEqualTo("once");
        assertThat(policies.counts()).isEqualTo(new Counts(5, 1));
        assertThat(HostTables.EMPTY.policies()).isEmpty();
    }
}
