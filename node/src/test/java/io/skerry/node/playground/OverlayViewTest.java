package io.skerry.node.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.LeaseValue;
import io.skerry.node.playground.OverlayView.HostView;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlayViewTest {
    private static final String TABLES =
            """
            [{"ifname":"eth0","mtu":1500,"linkinfo":{"info_kind":"veth"},
              "stats64":{"rx":{"packets":7,"errors":0},"tx":{"packets":9,"errors":0}}},
             {"ifname":"flannel.1","mtu":1450,"linkinfo":{"info_kind":"vxlan"},
              "stats64":{"rx":{"packets":3,"errors":1},"tx":{"packets":4,"errors":0}}}]
            [{"dst":"default","gateway":"10.88.0.1","dev":"eth0","flags":[]},
             {"dst":"10.77.2.0/24","gateway":"10.77.2.0","dev":"flannel.1","flags":["onlink"]},
             {"dst":"10.77.3.0/24","gateway":"10.88.0.13","dev":"eth0","flags":[]},
             {"dst":"10.77.4.0/24","gateway":"10.77.4.0","dev":"flannel.1","flags":["onlink"]}]
            [{"dst":"10.77.2.0","dev":"flannel.1","lladdr":"02:00:00:00:00:02","state":["PERMANENT"]},
             {"dst":"10.88.0.9","dev":"eth0","state":["FAILED"]}]
            [{"mac":"02:00:00:00:00:02","ifname":"flannel.1","dst":"10.88.0.12","state":"permanent"},
             {"mac":"33:33:00:00:00:01","ifname":"eth0","state":"permanent"}]
            """;

    private final HostView h1;
    private final OverlayView view;

    OverlayViewTest() throws Exception {
        String json = "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}";
        h1 = new HostView("h1", Ip4.of("10.88.0.11"), HostTables.parse(TABLES));
        view =
                new OverlayView(
                        json,
                        NetworkJson.parse(json).config(),
                        List.of(lease(1), lease(2), lease(3), lease(4), lease(5)),
                        List.of(h1, new HostView("h2", Ip4.of("10.88.0.12"), HostTables.EMPTY)));
    }

    private static Lease lease(int number) {
        Cidr4 subnet = Cidr4.of("10.77." + number + ".0/24");
        var value = LeaseValue.of(Ip4.of("10.88.0.1" + number), "vxlan");
        return new Lease("/k/" + number, subnet, value, 1, number);
    }

    private OverlayView.Way to(String address) {
        return view.way(h1, Ip4.of(address));
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
}
