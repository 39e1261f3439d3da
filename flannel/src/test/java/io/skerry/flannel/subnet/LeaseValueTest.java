package io.skerry.flannel.subnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Cidr6;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.address.WireguardKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseValueTest {
    private static final String VXLAN =
            "{\"PublicIP\":\"192.168.0.1\",\"PublicIPv6\":null,\"BackendType\":\"vxlan\","
                    + "\"BackendData\":{\"VNI\":1,\"VtepMAC\":\"02:11:22:33:44:55\"}}";

    @Test
    void valueIsTheOriginalsByteForByte() {
        var value =
                new LeaseValue(
                        PerFamily.only(
                                Family.IPV4,
                                new Endpoint(
                                        Ip4.of("192.168.0.1"),
                                        Optional.of(Mac.of("02:11:22:33:44:55")))),
                        "vxlan",
                        1);

        assertThat(value.json()).isEqualTo(VXLAN);
        assertThat(LeaseValue.parse(VXLAN)).contains(value);
    }

    @Test
    void valueOfAHostWithBothFamiliesIsTheOriginalsByteForByte() {
        String json =
                "{\"PublicIP\":\"192.168.0.1\",\"PublicIPv6\":\"fd88::1\",\"BackendType\":\"vxlan\","
                    + "\"BackendData\":{\"VNI\":1,\"VtepMAC\":\"02:11:22:33:44:55\"},"
                    + "\"BackendV6Data\":{\"VNI\":1,\"VtepMAC\":\"02:11:22:33:44:66\"}}";

        var value = LeaseValue.parse(json).orElseThrow();

        assertThat(value.json()).isEqualTo(json);
        assertThat(value.endpoints().get(Family.IPV6).orElseThrow())
                .isEqualTo(
                        new Endpoint(Ip6.of("fd88::1"), Optional.of(Mac.of("02:11:22:33:44:66"))));
        assertThat(LeaseValue.of(Ip6.of("fd88::1"), "host-gw").json())
                .isEqualTo(
                        "{\"PublicIP\":\"0.0.0.0\",\"PublicIPv6\":\"fd88::1\","
                                + "\"BackendType\":\"host-gw\"}");
    }

    @Test
    void keyOfAHostWithWireguardIsTheOriginalsByteForByte() {
        String json =
                "{\"PublicIP\":\"192.168.0.1\",\"PublicIPv6\":null,\"BackendType\":\"wireguard\","
                        + "\"BackendData\":{\"PublicKey\":"
                        + "\"2bn5DQsQGlq3P0428Diz/fplRCPBUZvlc/5zzCnlgGI=\"}}";

        var value = LeaseValue.parse(json).orElseThrow();

        assertThat(value.json()).isEqualTo(json);
        assertThat(value.endpoints().first().publicKey())
                .contains(new WireguardKey("2bn5DQsQGlq3P0428Diz/fplRCPBUZvlc/5zzCnlgGI="));
    }

    @Test
    void backendsWithoutDataHaveNone() {
        assertThat(LeaseValue.of(Ip4.of("192.168.0.1"), "host-gw").json())
                .isEqualTo(
                        "{\"PublicIP\":\"192.168.0.1\",\"PublicIPv6\":null,"
                                + "\"BackendType\":\"host-gw\"}");
    }

    @Test
    void whatIsNoLeaseIsNone() {
        assertThat(LeaseValue.parse("nonsense")).isEmpty();
        assertThat(LeaseValue.parse("{\"PublicIP\":\"x\"}")).isEmpty();
    }

    @Test
    void keysAreReadAlsoThoseOfHostsWithIpv6() {
        var keys = new SubnetKeys("/coreos.com/network/");

        assertThat(keys.subnets(subnets("10.5.52.0-24")))
                .isEqualTo("/coreos.com/network/subnets/10.5.52.0-24");
        assertThat(keys.subnets(subnets("10.5.52.0-24&fd00:5:0:7::-64")))
                .isEqualTo("/coreos.com/network/subnets/10.5.52.0-24&fd00:5:0:7::-64");
        assertThat(subnets("10.5.52.0-24").all()).containsExactly(Cidr4.of("10.5.52.0/24"));
        assertThat(subnets("10.5.52.0-24&fd00:5:0:7::-64").all())
                .containsExactly(Cidr4.of("10.5.52.0/24"), Cidr6.of("fd00:5:0:7::/64"));
        assertThat(subnets("0.0.0.0-0&fd00::-64").all()).containsExactly(Cidr6.of("fd00::/64"));
        for (String none :
                List.of(
                        "10.5.52.0-33",
                        "10.5.52.7-24",
                        "0.0.0.0-0",
                        "10.5.52.0-24&fd00::1-64",
                        "10.5.52.0-24&fd00::-129",
                        "config")) {
            assertThat(SubnetKeys.subnetsOf("/x/subnets/" + none)).as(none).isEmpty();
        }
    }

    private static PerFamily<Cidr> subnets(String name) {
        return SubnetKeys.subnetsOf("/coreos.com/network/subnets/" + name).orElseThrow();
    }
}
