package io.skerry.flannel.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.metrics.Metrics;
import io.skerry.base.thread.SteadyLoop;
import io.skerry.flannel.Await;
import io.skerry.flannel.Heard;
import io.skerry.flannel.TestHost;
import io.skerry.flannel.TestKeys;
import io.skerry.flannel.TestNetwork;
import io.skerry.flannel.TestStore;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.book.FleetMachines;
import io.skerry.flannel.subnet.NetworkStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fault of the program in one part of a host, over a real store and the real kernel. */
class FaultsTest {
    private static final String FAULT = "a fault of this program";
    private static final String POLICY =
            """
            {"name":"no-db","to":[{"metadata":{"role":"db"}}],"protocol":"tcp","ports":[5432],
             "action":"deny"}
            """;

    private final Metrics metrics = new Metrics();

    @TempDir private Path directory = Path.of("");

    private Path file() {
        return directory.resolve("subnet.env");
    }

    private FlannelDaemon start(TestHost host, NetworkStore store) throws Exception {
        var config =
                new FlannelConfig(
                        TestKeys.KEYS,
                        InterfaceChoice.DEFAULT,
                        file(),
                        true,
                        true,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(30),
                        List.of(),
                        Optional.empty());
        return host.on(() -> FlannelDaemon.start(config, store, metrics, _ -> {}));
    }

    private static void configure(TestKeys keys) throws Exception {
        keys.put(
                TestKeys.KEYS.config(),
                "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"host-gw\"}}");
    }

    private static void awaitReady(FlannelDaemon daemon) throws Exception {
        Await.until("it is ready", () -> daemon.problem().isEmpty());
    }

    private List<String> metrics() {
        return new String(metrics.text(), StandardCharsets.UTF_8).lines().toList();
    }

    /** The network's own thread starts to follow the policies when it has its subnet. */
    @Test
    void hostServesItsSubnetAndFollowsTheOthersAfterAFault() throws Exception {
        try (var heard = Heard.of(SteadyLoop.class);
                var told = Heard.of(FlannelDaemon.class);
                var process = new TestStore(TestStore.Kind.ETCD, directory);
                var keys = TestKeys.of(TestKeys.Api.V3, process.uri());
                var network = new TestNetwork(1)) {
            configure(keys);
            TestHost host = network.host(1);
            var store = new FaultyStore(keys.network(), TestKeys.KEYS.policies());
            try (var daemon = start(host, store)) {
                Await.until("it is told", () -> metrics().contains(counter("network") + " 1.0"));
                awaitReady(daemon);

                assertThat(heard.count(FAULT)).isEqualTo(1);
                assertThat(told.has("not ready")).isTrue();
                Await.until("that is told", () -> metrics().contains("flannel_ready 1.0"));
                keys.put(
                        TestKeys.KEYS.subnets() + "10.77.250.0-24",
                        "{\"PublicIP\":\"10.88.0.99\",\"BackendType\":\"host-gw\"}");
                Await.until(
                        "the other's route is there",
                        () -> host.ip("route").contains("10.77.250.0/24 via 10.88.0.99"));
                keys.put(
                        TestKeys.KEYS.policies() + "no-net",
                        "{\"name\":\"no-net\",\"to\":[{\"cidr\":\"192.0.2.0/24\"}],"
                                + "\"action\":\"deny\"}");
                Await.until("policies are followed", () -> status().policies() == 1);
                assertThat(heard.count(FAULT)).isEqualTo(1);
            }
        }
    }

    private static String counter(String part) {
        return "flannel_faults_total{part=\"" + part + "\"}";
    }

    /** The policies' thread follows fleet's machines once a policy names them. */
    @Test
    void policiesComeIntoForceAfterAFault() throws Exception {
        try (var heard = Heard.of(SteadyLoop.class);
                var process = new TestStore(TestStore.Kind.ETCD, directory);
                var keys = TestKeys.of(TestKeys.Api.V3, process.uri());
                var network = new TestNetwork(1)) {
            configure(keys);
            keys.put(
                    FleetMachines.PREFIX + "m1/object",
                    "{\"ID\":\"m1\",\"PublicIP\":\"10.88.0.11\",\"Metadata\":{\"role\":\"db\"}}");
            keys.put(TestKeys.KEYS.policies() + "no-db", POLICY);
            TestHost host = network.host(1);
            try (var daemon = start(host, new FaultyStore(keys.network(), FleetMachines.PREFIX))) {
                awaitReady(daemon);
                Await.until(
                        "the rules are there",
                        () ->
                                host.run("nft", "list", "ruleset")
                                        .stdout()
                                        .contains("skerry_policy_10_77_0_0_16"));
                Await.until("all is well", () -> status().problem().isEmpty());

                assertThat(heard.count(FAULT)).isEqualTo(1);
                assertThat(metrics()).doesNotContain("flannel_policy_failures_total 0.0");
                assertThat(status().lastError()).startsWith(FAULT);
                assertThat(status().policies()).isEqualTo(1);
            }
        }
    }

    private PolicyStatus status() throws Exception {
        return PolicyStatus.parse(Files.readString(PolicyStatus.file(file()))).orElseThrow();
    }

    /** A length that no packet has is none that a request can be made of. */
    @Test
    void pathsAreCheckedAfterAFault() throws Exception {
        try (var heard = Heard.of(SteadyLoop.class);
                var network = new TestNetwork(2)) {
            var flannelMetrics = new FlannelMetrics(metrics);
            Ip other = Ip4.of(TestNetwork.address(2));
            try (var check = network.host(1).on(() -> PathCheck.start(file(), flannelMetrics))) {
                check.follow(Map.of(other, -1));
                Await.until("it is told", () -> heard.has(FAULT));

                check.follow(Map.of(other, 1500));

                Path paths = PathStatus.file(file());
                Await.until("the path is checked", () -> checked(paths) == 1);
                // Or more, if the test was slower than the pause after a fault.
                assertThat(metrics()).anyMatch(line -> line.startsWith(counter("paths")));
            }
        }
    }

    private static int checked(Path paths) throws Exception {
        return PathStatus.parse(Files.readString(paths)).orElseThrow().checked();
    }
}
