package io.skerry.flannel.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Seeds;
import io.skerry.flannel.address.AddressSet;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.policy.Evaluation;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.policy.Landscape;
import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.PolicyFault;
import io.skerry.flannel.policy.PolicyJson;
import io.skerry.flannel.policy.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompilerTest {
    /** Each with 100 packets. */
    private static final int NETWORKS = 250;

    @Test
    void compiledPoliciesDecideAsThePoliciesDo() {
        Seeds.each(
                NETWORKS,
                random -> {
                    var chance = new RandomPolicies(random);
                    Landscape landscape = chance.landscape();
                    List<Policy> policies = chance.policies();
                    Filter filter = Compiler.compile(policies, landscape);

                    for (int i = 0; i < 100; i++) {
                        var packet = chance.packet();
                        Verdict verdict =
                                landscape.judges(packet)
                                        ? Evaluation.of(policies, landscape.hosts(), packet)
                                                .verdict()
                                        : Verdict.ALLOW;
                        boolean refused = Walk.refuses(filter.beginning(), packet);
                        boolean stopped =
                                filter.running()
                                        .map(run -> Walk.refuses(run, packet))
                                        .orElse(false);
                        // Not by AssertJ, which would take most of the time.
                        if (refused == verdict.allows() || stopped != verdict.stops()) {
                            throw new AssertionError(
                                    "refused=%s stopped=%s for %s, %s in %s by %s"
                                            .formatted(
                                                    refused, stopped, verdict, packet, landscape,
                                                    policies));
                        }
                    }
                });
    }

    @Test
    void orderInWhichPoliciesAreGivenIsOfNoMatter() {
        Seeds.each(
                100,
                random -> {
                    var chance = new RandomPolicies(random);
                    Landscape landscape = chance.landscape();
                    List<Policy> policies = chance.policies();
                    var shuffled = new ArrayList<>(policies);
                    Collections.shuffle(shuffled, random);

                    assertThat(Compiler.compile(shuffled, landscape))
                            .isEqualTo(Compiler.compile(policies, landscape));
                });
    }

    @Test
    void mapsOfALargeNetworkAreAsLargeAsItHasHosts() throws PolicyFault {
        Landscape landscape = large(2000);
        var policies = new ArrayList<Policy>();
        for (int i = 0; i < 1000; i++) {
            policies.add(
                    PolicyJson.parse(
                            PolicyJson.tree(
                                    """
                                    {"name":"p%d","order":%d,"from":[{"metadata":{"app":"a%d"}}],
                                     "to":[{"metadata":{"app":"a%d"}}],"protocol":"tcp",
                                     "ports":[%d,"8000-8099"],"action":"%s"}
                                    """
                                            .formatted(
                                                    i,
                                                    i % 50,
                                                    i % 97,
                                                    i % 89,
                                                    i,
                                                    i % 3 == 0 ? "deny" : "allow"))));
        }
        policies.add(
                PolicyJson.parse(PolicyJson.tree("{\"name\":\"default\",\"action\":\"deny\"}")));

        Filter filter = Compiler.compile(policies, landscape);

        assertThat(filter.elements()).isBetween(100, 3 * 2000);
        assertThat(filter.beginning().maps().size()).isLessThan(10);
    }

    /** Hosts of 100 applications, the first being the own. */
    static Landscape large(int count) {
        var hosts = new ArrayList<HostFacts>();
        for (int i = 0; i < count; i++) {
            hosts.add(
                    new HostFacts(
                            "10.200." + i / 250 + "." + i % 250,
                            "machine" + i,
                            Map.of("app", "a" + i % 100),
                            List.of(Cidr.of("10." + (64 + i / 256) + "." + i % 256 + ".0/24"))));
        }
        return new Landscape(
                AddressSet.of(Cidr.of("10.64.0.0/10")),
                AddressSet.of(hosts.getFirst().subnets()),
                hosts);
    }
}
