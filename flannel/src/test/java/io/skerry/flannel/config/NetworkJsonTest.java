package io.skerry.flannel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Cidr6;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.address.WireguardSecret;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkJsonTest {
    @Test
    void networkAloneGetsTheOriginalsDefaults() throws ConfigFault {
        var config = NetworkJson.parse("{\"Network\":\"10.5.0.0/16\"}").config();

        assertThat(config)
                .isEqualTo(
                        new NetworkConfig(
                                PerFamily.only(
                                        Family.IPV4,
                                        new SubnetRange(
                                                Cidr4.of("10.5.0.0/16"),
                                                Cidr4.of("10.5.1.0/24"),
                                                Cidr4.of("10.5.255.0/24"))),
                                new BackendConfig.Udp(8285)));
        assertThat(config.range(Family.IPV4).subnets()).isEqualTo(255);
        assertThat(config.range(Family.IPV4).subnet(254)).isEqualTo(Cidr4.of("10.5.255.0/24"));
    }

    @Test
    void everyFieldIsTaken() throws ConfigFault {
        var json =
                """
                {"Network":"10.5.0.0/16","SubnetLen":26,"SubnetMin":"10.5.10.0",
                 "SubnetMax":"10.5.99.64","EnableIPv4":true,"EnableIPv6":false,
                 "EnableNFTables":true,
                 "Backend":{"Type":"vxlan","VNI":7,"Port":4789,"GBP":true,"Learning":true,
                            "DirectRouting":true,"MTU":1400}}
                """;

        var parsed = NetworkJson.parse(json);

        assertThat(parsed.unknown()).isEmpty();
        assertThat(parsed.config().range(Family.IPV4))
                .isEqualTo(
                        new SubnetRange(
                                Cidr4.of("10.5.0.0/16"),
                                Cidr4.of("10.5.10.0/26"),
                                Cidr4.of("10.5.99.64/26")));
        assertThat(parsed.config().backend())
                .isEqualTo(
                        new BackendConfig.Vxlan(7, 4789, true, true, true, OptionalInt.of(1400)));
    }

    @Test
    void rangeOfIpv6HasTheOriginalsDefaults() throws ConfigFault {
        var json =
                "{\"EnableIPv4\":false,\"EnableIPv6\":true,\"IPv6Network\":\"fd00:5::/48\","
                        + "\"Backend\":{\"Type\":\"host-gw\"}}";

        NetworkConfig config = NetworkJson.parse(json).config();

        assertThat(config.ranges().families()).containsExactly(Family.IPV6);
        assertThat(config.range(Family.IPV6))
                .isEqualTo(
                        new SubnetRange(
                                Cidr6.of("fd00:5::/48"),
                                Cidr6.of("fd00:5:0:1::/64"),
                                Cidr6.of("fd00:5:0:ffff::/64")));
        assertThat(config.range(Family.IPV6).subnets()).isEqualTo(65_535);
        assertThat(config.range(Family.IPV6).subnet(254)).isEqualTo(Cidr6.of("fd00:5:0:ff::/64"));
    }

    @Test
    void vxlanHasTheOriginalsDefaults() throws ConfigFault {
        var json = "{\"Network\":\"10.5.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}";

        assertThat(NetworkJson.parse(json).config().backend())
                .isEqualTo(
                        new BackendConfig.Vxlan(1, 8472, false, false, false, OptionalInt.empty()));
    }

    @Test
    void wireguardHasTheOriginalsFieldsAndDefaults() throws ConfigFault {
        var plain = "{\"Network\":\"10.5.0.0/16\",\"Backend\":{\"Type\":\"wireguard\"}}";
        var full =
                plain.replace(
                        "\"wireguard\"",
                        "\"wireguard\",\"ListenPort\":1,\"ListenPortV6\":2,\"Mode\":\"separate\","
                                + "\"PersistentKeepaliveInterval\":25,\"MTU\":1400,\"PSK\":"
                                + "\"kLtmTNGnt5spM50+GE+5NrQ3ZQucwDCW//G42W+u7Fg=\"");

        assertThat(NetworkJson.parse(plain).config().backend())
                .isEqualTo(
                        new BackendConfig.Wireguard(
                                51_820, 51_821, Optional.empty(), 0, OptionalInt.empty()));
        assertThat(NetworkJson.parse(full).unknown()).isEmpty();
        assertThat(NetworkJson.parse(full).config().backend())
                .isEqualTo(
                        new BackendConfig.Wireguard(
                                1,
                                2,
                                WireguardSecret.parse(
                                        "kLtmTNGnt5spM50+GE+5NrQ3ZQucwDCW//G42W+u7Fg="),
                                25,
                                OptionalInt.of(1400)));
    }

    @ParameterizedTest
    @CsvSource({
        "10.5.0.0/16, 24",
        "10.5.0.0/22, 24",
        "10.5.0.0/23, 25",
        "10.5.0.0/24, 26",
        "10.5.0.0/28, 30"
    })
    void subnetLengthFollowsTheNetwork(String network, int length) throws ConfigFault {
        var json = "{\"Network\":\"" + network + "\"}";

        assertThat(NetworkJson.parse(json).config().range(Family.IPV4).subnetLength())
                .isEqualTo(length);
    }

    @Test
    void namesAreTakenInAnyCase() throws ConfigFault {
        var parsed =
                NetworkJson.parse(
                        "{\"network\":\"10.5.0.0/16\",\"backend\":{\"type\":\"host-gw\"}}");

        assertThat(parsed.config().backend()).isEqualTo(new BackendConfig.HostGw());
        assertThat(parsed.unknown()).isEmpty();
    }

    @Test
    void whatMeansNothingIsTold() throws ConfigFault {
        var json =
                "{\"Network\":\"10.5.0.0/16\",\"SubnetLength\":24,"
                        + "\"Backend\":{\"Type\":\"host-gw\",\"VNI\":1}}";

        assertThat(NetworkJson.parse(json).unknown())
                .anyMatch(told -> told.startsWith("SubnetLength"))
                .anyMatch(told -> told.startsWith("Backend.VNI"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | not JSON",
                "[] | must be a JSON object",
                "{} | Network is missing",
                "{'Network':'10.5.0.0'} | Network is 10.5.0.0 and must be an IPv4 network",
                "{'Network':'10.5.0.0/29'} | at least as large as a /28",
                "{'Network':'10.5.0.0/16','SubnetLen':31} | SubnetLen is 31 and must be a whole"
                        + " number from 1 to 30",
                "{'Network':'10.5.0.0/16','SubnetLen':17} | SubnetLen is 17 and must be at least"
                        + " 18",
                "{'Network':'10.5.0.0/16','SubnetLen':'24'} | SubnetLen is \"24\"",
                "{'Network':'10.5.0.0/16','SubnetMin':'10.6.0.0'} | SubnetMin is 10.6.0.0 and must"
                        + " be within",
                "{'Network':'10.5.0.0/16','SubnetMin':'10.5.1.7'} | SubnetMin is 10.5.1.7 and must"
                        + " be where a subnet",
                "{'Network':'10.5.0.0/16','SubnetMin':'10.5.9.0','SubnetMax':'10.5.3.0'} |"
                        + " SubnetMin is 10.5.9.0 and must be at most SubnetMax",
                "{'Network':'10.5.0.0/16','EnableIPv6':true} | IPv6Network is missing",
                "{'Network':'10.5.0.0/16','EnableIPv6':true,'IPv6Network':'fd00::/48'} | EnableIPv6"
                    + " is true and must be false with the backend udp, which carries IPv4 only",
                "{'EnableIPv6':true,'EnableIPv4':false,'IPv6Network':'fd00::/125'} | IPv6Network is"
                        + " fd00::/125 and must be at least as large as a /124",
                "{'EnableIPv6':true,'EnableIPv4':false,'IPv6Network':'fd00::/48','IPv6SubnetMin':'fd00::7'}"
                    + " | IPv6SubnetMin is fd00::7 and must be where a subnet of IPv6SubnetLen 64"
                    + " begins, like fd00::",
                "{'Network':'10.5.0.0/16','EnableIPv4':false} | EnableIPv4 is false and must be"
                        + " true",
                "{'Network':'10.5.0.0/16','Backend':7} | Backend must be a JSON object",
                "{'Network':'10.5.0.0/16','Backend':{'Type':'vxlna'}} | Backend.Type is vxlna and"
                    + " must be one of vxlan, host-gw, wireguard, udp, ipip; did you mean vxlan?",
                "{'Network':'10.5.0.0/16','Backend':{'Type':'ipsec'}} | this program has no"
                        + " backend ipsec",
                "{'Network':'10.5.0.0/16','Backend':{'Type':'wireguard','PSK':'x'}} | Backend.PSK"
                        + " is no key and must be one of 32 bytes",
                "{'Network':'10.5.0.0/16','Backend':{'Type':'wireguard','Mode':'auto'}} |"
                        + " Backend.Mode is auto and must be separate",
                "{'Network':'10.5.0.0/16','Backend':{'Type':'vxlan','VNI':16777216}} | Backend.VNI"
                        + " is 16777216",
                "{'Network':'10.5.0.0/16','Backend':{'Type':'udp','Port':70000}} | Backend.Port is"
                        + " 70000",
                "{'Network':'10.5.0.0/16','Backend':{'Type':'vxlan','GBP':1}} | Backend.GBP is 1"
                        + " and must be true or false"
            })
    void faultNamesTheField(String json, String message) {
        assertThatExceptionOfType(ConfigFault.class)
                .isThrownBy(() -> NetworkJson.parse(json.replace('\'', '"')))
                .withMessageContaining(message);
    }
}
