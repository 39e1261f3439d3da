package io.skerry.testbed.system.net;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import io.skerry.testbed.system.Cli;
import io.skerry.testbed.system.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Three hosts with a container each, which serves its host's name; each test goes on from the one
 * before.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OverlayTest {
    private static final String NAME = "net-" + ProcessHandle.current().pid();
    private static final Cli SKERRY = new Cli(NAME);
    private static final List<String> HOSTS = List.of("h1", "h2", "h3");

    /** Long for a quiet machine, since a busy one must not make a test fail. */
    private static final Duration SOON = Duration.ofMinutes(5);

    private static final Map<String, String> ADDRESSES = new HashMap<>();

    @BeforeAll
    static void up() throws Exception {
        boolean root = Command.of("id", "-u").check().stdout().strip().equals("0");
        Assumptions.assumeTrue(root, "virtual hosts need root");
        SKERRY.call(
                "up",
                "--hosts",
                "3",
                "--network",
                "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}");
        for (String host : HOSTS) {
            serve(host);
        }
    }

    @AfterAll
    static void down() throws Exception {
        SKERRY.run("down");
    }

    private static void serve(String host) throws IOException, InterruptedException {
        in(
                host,
                "skerry",
                "run",
                "--name",
                "probe",
                "--detach",
                "busybox",
                "sh",
                "-c",
                "echo from " + host + " >/index.html; exec httpd -f -h / -p 8080");
        ADDRESSES.put(host, in(host, "skerry", "containers", "ip", "probe"));
    }

    private static String in(String host, String... command)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("host", "exec", host, "--"));
        words.addAll(List.of(command));
        return SKERRY.call(words.toArray(String[]::new));
    }

    private static String address(String host) {
        return Objects.requireNonNull(ADDRESSES.get(host), host);
    }

    private static String subnet(String host) {
        return address(host).replaceFirst("\\.\\d+$", ".0/24");
    }

    /** What a host's container says when it asks another host's for its page. */
    private static String page(String from, String to) throws IOException, InterruptedException {
        return inContainer(
                from, "timeout 10 wget -q -O - http://" + address(to) + ":8080/ || echo none");
    }

    private static void awaitPage(String from, String to) throws InterruptedException {
        Waiting.until(
                from + " gets the page of " + to, SOON, () -> page(from, to).equals("from " + to));
    }

    private static boolean pings(String from, String to) throws IOException, InterruptedException {
        return inContainer(
                        from, "ping -c1 -W10 " + address(to) + " >/dev/null && echo yes || echo no")
                .equals("yes");
    }

    private static String inContainer(String host, String script)
            throws IOException, InterruptedException {
        return in(host, "skerry", "exec", "probe", "sh", "-c", script);
    }

    private static void awaitAllPairs() throws InterruptedException {
        for (String from : HOSTS) {
            Waiting.until(
                    from + " pings every container and gets its page",
                    SOON,
                    () -> answers(from).equals(List.of("from h1", "from h2", "from h3")));
        }
    }

    /** The pages that a host's container gets from those that also answer its ping. */
    private static List<String> answers(String from) throws IOException, InterruptedException {
        String addresses = HOSTS.stream().map(OverlayTest::address).collect(joining(" "));
        return inContainer(
                        from,
                        "for a in "
                                + addresses
                                + "; do ping -c1 -W10 $a >/dev/null"
                                + " && timeout 10 wget -q -O - http://$a:8080/; done; true")
                .lines()
                .toList();
    }

    private static void awaitRoute(String host, String to, String by) throws InterruptedException {
        Waiting.until(
                host + " has a route to " + to + " " + by,
                SOON,
                () -> in(host, "ip", "route", "show", subnet(to)).contains(by));
    }

    @Test
    @Order(1)
    void everyContainerReachesEveryOther() throws Exception {
        awaitAllPairs();
    }

    @Test
    @Order(2)
    void toolsShowWhoReachesWhomAndHow() throws Exception {
        String status = SKERRY.call("net", "status");
        String routes = SKERRY.call("net", "routes");
        String map = SKERRY.call("net", "map", "-o", "wide");

        for (String host : HOSTS) {
            assertThat(status)
                    .containsPattern(
                            host
                                    + " +"
                                    + subnet(host)
                                    + " +10\\.88\\.0\\.1\\d +vxlan +flannel\\.1");
            assertThat(routes).containsPattern(host + " +" + subnet(host) + " +\\S+ +skerry0");
            for (String peer : HOSTS) {
                if (!peer.equals(host)) {
                    assertThat(routes)
                            .containsPattern(host + " +" + subnet(peer) + " +\\S+ +flannel\\.1");
                    // With how many packets have gone by that device.
                    assertThat(map)
                            .containsPattern(
                                    host + " +" + peer + " +\\S+ +flannel\\.1 +true +[1-9]");
                }
            }
        }
        assertThat(SKERRY.call("net", "status", "-o", "json"))
                .contains("\"network\" : \"10.77.0.0/16\"", "\"mtu\" : 1450");
        assertThat(SKERRY.call("net", "trace", "h1", address("h3")))
                .containsPattern("h1 +route " + subnet("h3") + " via \\S+ dev flannel\\.1")
                .containsPattern("h1 +in UDP to 10\\.88\\.0\\.13 by VXLAN")
                .endsWith("arrives");
        assertThat(SKERRY.call("net", "trace", address("h2"), "h1")).endsWith("arrives");
        var nobody = SKERRY.run("net", "trace", "h1", "10.77.255.9");
        assertThat(nobody.exitCode()).isOne();
        assertThat(nobody.stdout()).contains("no host has a subnet with 10.77.255.9");
    }

    @Test
    @Order(3)
    void policyDeniesWhatItNamesAndNothingElse() throws Exception {
        SKERRY.call(
                "net",
                "policy",
                "set",
                "{\"name\":\"no-web\",\"action\":\"deny\",\"protocol\":\"tcp\",\"ports\":[8080],"
                    + "\"from\":[{\"host\":\"10.88.0.11\"}],\"to\":[{\"host\":\"10.88.0.13\"}]}");

        Waiting.until("h1 gets no page of h3", SOON, () -> page("h1", "h3").equals("none"));
        Waiting.until("h1 pings h3", SOON, () -> pings("h1", "h3"));
        awaitPage("h2", "h3");
        awaitPage("h1", "h2");
        var denied = SKERRY.run("net", "policy", "explain", "h1", "h3:8080");
        assertThat(denied.exitCode()).isOne();
        assertThat(denied.stdout()).containsPattern("no-web +deny +decides: denied");
        assertThat(SKERRY.run("net", "policy", "explain", "h2", "h3:8080").exitCode()).isZero();
        // Who drops is the sender's host or the other one; both count one policy.
        SKERRY.awaitLine(SOON, "h[13] .* 1 +[1-9]\\d*(?m)$", "net", "status");

        SKERRY.call("net", "policy", "delete", "no-web");

        awaitPage("h1", "h3");
    }

    @Test
    @Order(4)
    void damageByHandIsMended() throws Exception {
        in("h1", "ip", "link", "del", "flannel.1");

        awaitPage("h1", "h2");
        awaitPage("h3", "h1");
    }

    @Test
    @Order(5)
    void hostThatIsLostIsWithdrawnAndComesBackWithItsSubnet() throws Exception {
        String before = address("h3");
        SKERRY.call("host", "kill", "h3");

        Waiting.until(
                "no route leads there",
                SOON,
                () -> !in("h1", "ip", "route").contains(subnet("h3")));
        assertThat(SKERRY.call("net", "map")).doesNotContain("h3");
        assertThat(SKERRY.run("net", "trace", "h1", before).exitCode()).isOne();
        awaitPage("h1", "h2");

        SKERRY.call("host", "start", "h3");

        SKERRY.awaitLine(SOON, "h1 +h3 +" + subnet("h3") + " +flannel\\.1 +true", "net", "map");
        Waiting.until("its container serves", SOON, () -> served("h3"));
        assertThat(subnet("h3")).isEqualTo(before.replaceFirst("\\.\\d+$", ".0/24"));
        for (String host : List.of("h1", "h2")) {
            awaitPage(host, "h3");
            awaitPage("h3", host);
        }
    }

    /** Its unit is fleet's, which starts it again. */
    private static boolean served(String host) throws IOException, InterruptedException {
        ADDRESSES.put(host, in(host, "skerry", "containers", "ip", "probe"));
        return page(host, host).equals("from " + host);
    }

    @Test
    @Order(6)
    void hostThatIsCutOffIsWithdrawnAndComesBack() throws Exception {
        SKERRY.call("host", "isolate", "h3");

        for (String host : List.of("h1", "h2")) {
            Waiting.until(
                    "no route of " + host + " leads there",
                    SOON,
                    () -> !in(host, "ip", "route").contains(subnet("h3")));
        }
        awaitPage("h1", "h2");

        SKERRY.call("host", "heal", "h3");

        // Fleet may have stopped its unit meanwhile, which it starts again.
        Waiting.until("its container serves", SOON, () -> served("h3"));
        for (String host : List.of("h1", "h2")) {
            awaitRoute(host, "h3", "dev flannel.1");
        }
        awaitAllPairs();
    }
}
