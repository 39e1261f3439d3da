package io.skerry.flannel.subnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Mac;
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
                        Ip4.of("192.168.0.1"),
                        "vxlan",
                        Optional.of(Mac.of("02:11:22:33:44:55")),
                        1);

        assertThat(value.json()).isEqualTo(VXLAN);
        assertThat(LeaseValue.parse(VXLAN)).contains(value);
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

        assertThat(keys.subnet(Cidr4.of("10.5.52.0/24")))
                .isEqualTo("/coreos.com/network/subnets/10.5.52.0-24");
        assertThat(SubnetKeys.subnetOf("/coreos.com/network/subnets/10.5.52.0-24"))
                .contains(Cidr4.of("10.5.52.0/24"));
        assertThat(SubnetKeys.subnetOf("/x/subnets/10.5.52.0-24&fd00--64"))
                .contains(Cidr4.of("10.5.52.0/24"));
        assertThat(SubnetKeys.subnetOf("/x/subnets/10.5.52.0-33")).isEmpty();
        assertThat(SubnetKeys.subnetOf("/x/subnets/10.5.52.7-24")).isEmpty();
        assertThat(SubnetKeys.subnetOf("/x/config")).isEmpty();
    }
}
