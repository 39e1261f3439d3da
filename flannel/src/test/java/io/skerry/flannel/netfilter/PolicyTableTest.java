package io.skerry.flannel.netfilter;

import static io.skerry.flannel.Traffic.IMPATIENCE_MILLIS;
import static io.skerry.flannel.Traffic.PATIENCE_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.flannel.Await;
import io.skerry.flannel.BridgedHost;
import io.skerry.flannel.TestHost;
import io.skerry.flannel.Traffic;
import io.skerry.flannel.address.AddressSet;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.filter.Compiler;
import io.skerry.flannel.filter.Counts;
import io.skerry.flannel.policy.HostFacts;
import io.skerry.flannel.policy.Landscape;
import io.skerry.flannel.policy.Policy;
import io.skerry.flannel.policy.PolicyJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real kernel: packets between containers on one bridge, and from outside. */
@TestInstance(Lifecycle.PER_CLASS)
class PolicyTableTest {
    private static final List<Cidr> OWN =
            List.of(Cidr.of("10.77.1.0/24"), Cidr.of("fd00:77:0:1::/64"));
    private static final Landscape LANDSCAPE =
            new Landscape(
                    AddressSet.of(Cidr.of("10.77.0.0/16"), Cidr.of("fd00:77::/48")),
                    AddressSet.of(OWN),
                    List.of(new HostFacts("10.88.0.11", "one", Map.of("role", "web"), OWN)));
    private static final String TCP_8000 =
            """
            {"name":"a","to":[{"host":"one"}],"protocol":"tcp","ports":["8000-8099"],
             "action":"allow"}
            """;
    private static final String NOTHING = "{\"name\":\"default\",\"action\":\"deny\"}";

    private final PolicyTable table = new PolicyTable("skerry_policy_test");
    private final BridgedHost net;

    PolicyTableTest() throws Exception {
        net = new BridgedHost();
    }

    @AfterEach
    void clear() throws Exception {
        net.host.on(() -> {
            table.remove();
            return true;
        });
    }

    @AfterAll
    void tearDown() throws Exception {
        net.close();
    }

    private boolean put(String... documents) throws Exception {
        var policies = new ArrayList<Policy>();
        for (String document : documents) {
            policies.add(PolicyJson.parse(PolicyJson.tree(document)));
        }
        return net.host.on(() -> {
            assertThat(table.ensureBridgesCall()).isEmpty();
            return table.ensure(Compiler.compile(policies, LANDSCAPE));
        });
    }

    private Counts counts() throws Exception {
        return net.host.on(table::counts);
    }

    private boolean tcp(TestHost from, String address, int port, boolean expected)
            throws Exception {
        return Traffic.tcp(
                from, net.two, address, port, expected ? PATIENCE_MILLIS : IMPATIENCE_MILLIS);
    }

    private void assertDenied(TestHost from, String address, int port) throws Exception {
        long before = counts().denied();
        assertThat(tcp(from, address, port, false)).isFalse();
        awaitDenied(before + 1);
    }

    /** A busy kernel may come to a packet later than nobody waits for it any more. */
    private void awaitDenied(long count) throws Exception {
        Await.until(count + " packets were denied", () -> counts().denied() >= count);
    }

    @ParameterizedTest
    @CsvSource({"10.77.1.3", "fd00:77:0:1::3"})
    void onlyPortsThatAreAllowedAreReachedOnTheBridgeAndFromOutside(String address)
            throws Exception {
        put(TCP_8000, NOTHING);

        for (TestHost from : List.of(net.one, net.outside)) {
            assertThat(tcp(from, address, 8000, true)).isTrue();
            assertThat(tcp(from, address, 8099, true)).isTrue();
            assertDenied(from, address, 7999);
            assertDenied(from, address, 8100);
            long before = counts().denied();
            assertThat(Traffic.udp(from, net.two, address, 8000, IMPATIENCE_MILLIS)).isFalse();
            awaitDenied(before + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.77.1.3, 10.77.1.2, 192.0.2.0/24",
        "fd00:77:0:1::3, fd00:77:0:1::2, fd00:99::/64"
    })
    void datagramsAreDeniedByWhereTheyComeFrom(String two, String one, String outside)
            throws Exception {
        put(
                """
                {"name":"a","from":[{"cidr":"%s"}],"protocol":"udp","ports":[53,"1000-2000"],
                 "action":"deny"}
                """
                        .formatted(outside));
        long before = counts().denied();

        assertThat(Traffic.udp(net.one, net.two, two, 1500, PATIENCE_MILLIS)).isTrue();
        assertThat(Traffic.udp(net.outside, net.two, two, 54, PATIENCE_MILLIS)).isTrue();
        assertThat(Traffic.udp(net.outside, net.two, two, 53, IMPATIENCE_MILLIS)).isFalse();
        assertThat(Traffic.udp(net.outside, net.one, one, 2000, IMPATIENCE_MILLIS)).isFalse();
        awaitDenied(before + 2);
        assertThat(counts().denied()).isEqualTo(before + 2);
    }

    @Test
    void flowsThatRunGoOnUnlessAPolicyStopsThem() throws Exception {
        String deny = "{\"name\":\"b\",\"protocol\":\"tcp\",\"ports\":[8000],\"action\":\"deny\"";
        put(TCP_8000);
        try (var bridged = Traffic.connect(net.one, net.two, "10.77.1.3", 8000);
                var six = Traffic.connect(net.outside, net.two, "fd00:77:0:1::3", 8000)) {

            put(deny + "}");

            assertThat(bridged.carries(PATIENCE_MILLIS)).isTrue();
            assertThat(six.carries(PATIENCE_MILLIS)).isTrue();
            assertDenied(net.one, "10.77.1.3", 8000);

            put(deny + ",\"established\":\"stop\"}");

            assertThat(bridged.carries(IMPATIENCE_MILLIS)).isFalse();
            assertThat(six.carries(IMPATIENCE_MILLIS)).isFalse();
            Await.until("both were stopped", () -> counts().stopped() >= 2);
            assertDenied(net.one, "10.77.1.3", 8000);
        }
    }

    @Test
    void runningFlowsOfOtherPortsGoOnWhenAPolicyStopsSome() throws Exception {
        try (var other = Traffic.connect(net.one, net.two, "10.77.1.3", 9000)) {
            put(
                    """
                    {"name":"b","protocol":"tcp","ports":[8000],"action":"deny",
                     "established":"stop"}
                    """);

            assertThat(other.carries(PATIENCE_MILLIS)).isTrue();
        }
        assertThat(tcp(net.one, "10.77.1.3", 9000, true)).isTrue();
    }

    @Test
    void whatIsChangedByHandIsPutBackAndCountingGoesOn() throws Exception {
        put(TCP_8000, NOTHING);
        assertDenied(net.one, "10.77.1.3", 81);
        long denied = counts().denied();
        assertThat(put(TCP_8000, NOTHING)).isFalse();

        net.host.run("nft", "flush", "chain", "inet", table.name(), "forward");
        assertThat(tcp(net.one, "10.77.1.3", 81, true)).isTrue();
        assertThat(put(TCP_8000, NOTHING)).isTrue();
        assertDenied(net.one, "10.77.1.3", 81);

        net.host.run("nft", "delete", "table", "inet", table.name());
        assertThat(put(TCP_8000, NOTHING)).isTrue();
        assertThat(counts().denied()).isGreaterThan(denied);
        assertDenied(net.one, "10.77.1.3", 81);
    }
}
