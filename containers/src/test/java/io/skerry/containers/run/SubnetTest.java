package io.skerry.containers.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SubnetTest {
    private static final Path FILE = Path.of("/run/flannel/subnet.env");

    @Test
    void firstAddressIsTheHostsAndTheLowestFreeOneIsGiven() throws Exception {
        var subnet = Subnet.parse("10.1.15.0/24", 1450, "10.1.0.0/16");

        assertThat(subnet.gateway()).isEqualTo("10.1.15.1");
        assertThat(subnet.assign(Set.of())).isEqualTo("10.1.15.2");
        assertThat(subnet.assign(Set.of("10.1.15.2", "10.1.15.4"))).isEqualTo("10.1.15.3");
    }

    @Test
    void fullSubnetSaysSo() {
        var subnet = Subnet.parse("10.1.15.8/29", 1450, "10.1.0.0/16");

        assertThatThrownBy(() ->
                        subnet.assign(
                                Set.of(
                                        "10.1.15.10",
                                        "10.1.15.11",
                                        "10.1.15.12",
                                        "10.1.15.13",
                                        "10.1.15.14")))
                .hasMessageContaining("all addresses of 10.1.15.8/29");
    }

    @Test
    void smallestSubnetHasOneContainer() throws Exception {
        var subnet = Subnet.parse("10.1.15.9/30", 1450, "10.1.0.0/16");

        assertThat(subnet.gateway()).isEqualTo("10.1.15.9");
        assertThat(subnet.assign(Set.of())).isEqualTo("10.1.15.10");
        assertThatThrownBy(() -> subnet.assign(Set.of("10.1.15.10")))
                .hasMessageContaining("all addresses of 10.1.15.8/30");
        assertThat(subnet.contains("10.1.15.11")).isTrue();
        assertThat(subnet.contains("10.1.15.12")).isFalse();
        assertThatThrownBy(() -> Subnet.parse("10.1.15.9/31", 1450, "10.1.0.0/16"))
                .hasMessageContaining("8 to 30");
    }

    @Test
    void flannelsFileIsRead() throws Exception {
        var subnet =
                Subnet.ofFlannel(
                        FILE,
                        Map.of(
                                "FLANNEL_NETWORK", "10.1.0.0/16",
                                "FLANNEL_SUBNET", "10.1.15.1/24",
                                "FLANNEL_MTU", "1450"));

        assertThat(subnet.cidr()).isEqualTo("10.1.15.0/24");
        assertThat(subnet.reach()).isEqualTo("10.1.0.0/16");
        assertThat(subnet.mtu()).isEqualTo(1450);
        assertThatThrownBy(() -> Subnet.ofFlannel(FILE, Map.of("FLANNEL_SUBNET", "10.1.15.1")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("10.1.15.1");
    }

    @Test
    void trafficWithinReachKeepsItsAddresses() {
        String rules = ContainerNetwork.rules(Subnet.parse("10.1.15.0/24", 1450, "10.1.0.0/16"));

        assertThat(rules).contains("ip saddr 10.1.15.0/24 ip daddr != 10.1.0.0/16 masquerade");
    }

    @Test
    void containersCannotReachWhatListensAtTheHostsLoopback() {
        String rules = ContainerNetwork.rules(Subnet.parse("10.1.15.0/24", 1450, "10.1.0.0/16"));

        assertThat(rules)
                .containsPattern(
                        "hook prerouting priority raw\\s+iifname \"skerry0\" ip daddr 127");
    }

    @Test
    void containersSendInNobodyElsesName() {
        String rules = ContainerNetwork.rules(Subnet.parse("10.1.15.0/24", 1450, "10.1.0.0/16"));

        assertThat(rules).contains("iifname \"skerry0\" ip saddr != 10.1.15.0/24 drop");
    }

    @Test
    void hostOfAnOverlayOfIpv6AloneKeepsItsOwnSubnet() throws Exception {
        var variables =
                Map.of("FLANNEL_IPV6_NETWORK", "fd00::/48", "FLANNEL_IPV6_SUBNET", "fd00::1/64");

        assertThat(Subnet.ofFlannel(FILE, variables)).isEqualTo(Subnet.OWN);
    }

    @Test
    void addressAlwaysHasTheSameHardwareAddress() {
        assertThat(ContainerNetwork.mac("10.1.15.254")).isEqualTo("02:5c:0a:01:0f:fe");
    }
}
