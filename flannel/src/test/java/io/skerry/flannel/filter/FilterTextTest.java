package io.skerry.flannel.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.address.AddressSet;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.policy.Landscape;
import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.PolicyFault;
import io.skerry.flannel.policy.PolicyJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FilterTextTest {
    private static final Landscape TWO_HOSTS =
            new Landscape(
                    AddressSet.of(Cidr.of("10.77.0.0/16")),
                    AddressSet.of(Cidr.of("10.77.1.0/24")),
                    List.of(
                            new HostFacts(
                                    "10.88.0.11",
                                    "one",
                                    Map.of("role", "web"),
                                    List.of(Cidr.of("10.77.1.0/24"))),
                            new HostFacts(
                                    "10.88.0.12",
                                    "two",
                                    Map.of("role", "db"),
                                    List.of(Cidr.of("10.77.2.0/24")))));

    private static String text(String... documents) throws PolicyFault {
        var policies = new ArrayList<Policy>();
        for (String document : documents) {
            policies.add(PolicyJson.parse(PolicyJson.tree(document)));
        }
        return FilterText.of("t", Compiler.compile(policies, TWO_HOSTS), new Counts(7, 3));
    }

    @Test
    void oneTableIsReplacedInOneTransaction() throws PolicyFault {
        assertThat(
                        text(
                                """
                                {"name":"db","from":[{"metadata":{"role":"web"}}],
                                 "to":[{"metadata":{"role":"db"}}],"protocol":"tcp",
                                 "ports":[5432,"8000-8099"],"action":"allow"}
                                """,
                                """
                                {"name":"no-db","order":2000,"to":[{"metadata":{"role":"db"}}],
                                 "action":"deny"}
                                """))
                .isEqualTo(
                        """
                        table inet t
                        delete table inet t
                        table inet t {
                            counter denied { packets 7 bytes 0; }
                            counter stopped { packets 3 bytes 0; }
                            chain denied {
                                counter name "denied" drop
                            }
                            chain stopped {
                                counter name "stopped" drop
                            }
                            map new_map_0 {
                                type ipv4_addr : verdict; flags interval;
                                elements = {
                                    10.77.2.0-10.77.2.255 : goto new_services_0,
                                }
                            }
                            map new_map_1 {
                                type ipv4_addr : verdict; flags interval;
                                elements = {
                                    10.77.2.0-10.77.2.255 : goto denied,
                                }
                            }
                            chain new_services_0 {
                                tcp dport { 5432, 8000-8099 } accept
                                goto denied
                            }
                            chain new_by_1 {
                                ip daddr vmap @new_map_0
                                accept
                            }
                            chain new_by_2 {
                                ip daddr vmap @new_map_1
                                accept
                            }
                            chain new_flows {
                                ip saddr { 10.77.1.0-10.77.1.255 } goto new_by_1
                                ip daddr { 10.77.1.0-10.77.1.255 } accept
                                ip saddr { 10.77.0.0-10.77.255.255 } accept
                                ip daddr { 10.77.0.0-10.77.0.255, 10.77.2.0-10.77.255.255 } goto new_by_2
                                accept
                            }
                            chain forward {
                                type filter hook forward priority filter; policy accept;
                                ct state related accept
                                ct state established accept
                                icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } accept
                                goto new_flows
                            }
                        }
                        """);
    }

    @Test
    void runningFlowsAreJudgedByTheirEndsWhereAPolicyStopsThem() throws PolicyFault {
        assertThat(
                        text(
                                """
                                {"name":"a","to":[{"host":"two"}],"protocol":"udp","ports":[53],
                                 "action":"deny","established":"stop"}
                                """))
                .contains(
                        "ct state established goto run_flows",
                        "ct original ip saddr { 10.77.1.0-10.77.1.255 }",
                        "meta l4proto udp ct reply proto-src { 53 } goto stopped",
                        "udp dport { 53 } goto denied");
    }
}
