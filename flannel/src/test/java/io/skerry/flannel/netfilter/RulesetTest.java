package io.skerry.flannel.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Cidr6;
import org.junit.jupiter.api.Test;

class RulesetTest {
    private static final Cidr4 ALL = Cidr4.of("10.77.0.0/16");
    private static final Cidr4 OWN = Cidr4.of("10.77.3.0/24");

    @Test
    void tableIsReplacedInOneTransactionAndMasqueradesInTheOriginalsOrder() {
        assertThat(new Ruleset(ALL, OWN, true, true).text())
                .isEqualTo(
                        """
                        table ip skerry_flannel_10_77_0_0_16
                        delete table ip skerry_flannel_10_77_0_0_16
                        table ip skerry_flannel_10_77_0_0_16 {
                            chain postrouting {
                                type nat hook postrouting priority srcnat; policy accept;
                                meta mark & 0x4000 == 0x4000 return
                                ip saddr 10.77.3.0/24 ip daddr 10.77.0.0/16 return
                                ip saddr 10.77.0.0/16 ip daddr 10.77.3.0/24 return
                                ip saddr != 10.77.0.0/16 ip daddr 10.77.3.0/24 return
                                ip saddr 10.77.0.0/16 ip daddr != 224.0.0.0/4 masquerade fully-random
                                ip saddr != 10.77.0.0/16 ip daddr 10.77.0.0/16 masquerade fully-random
                            }
                            chain forward {
                                type filter hook forward priority filter; policy accept;
                                ip saddr 10.77.0.0/16 accept
                                ip daddr 10.77.0.0/16 accept
                            }
                        }
                        """);
    }

    @Test
    void withoutRulesThereIsNoTable() {
        assertThat(new Ruleset(ALL, OWN, false, false).text())
                .doesNotContain("{")
                .contains("delete table");
        assertThat(new Ruleset(ALL, OWN, false, true).text()).doesNotContain("masquerade");
    }

    @Test
    void rulesOfIpv6AreInATableOfTheirOwn() {
        var rules = new Ruleset(Cidr6.of("fd00:5::/48"), Cidr6.of("fd00:5:0:1::/64"), true, true);

        assertThat(rules.text())
                .startsWith("table ip6 skerry_flannel_fd00_5___48\ndelete table ip6 ")
                .contains(
                        "ip6 saddr fd00:5::/48 ip6 daddr != ff00::/8 masquerade fully-random",
                        "ip6 daddr fd00:5::/48 accept")
                .doesNotContain("ip saddr");
    }
}
