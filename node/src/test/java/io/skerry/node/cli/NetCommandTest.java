package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands about a network that is in another store than the cluster's, and at another prefix. */
class NetCommandTest {
    private static final String CONFIG =
            "{\"Network\":\"10.55.0.0/16\",\"Backend\":{\"Type\":\"host-gw\"}}";
    private static final String LEASE = "{\"PublicIP\":\"192.0.2.1\",\"BackendType\":\"host-gw\"}";
    private static final String POLICY = "{\"name\":\"default\",\"action\":\"deny\"}";
    private static final String PREFIX = "/other/network";
    private static final String PREFIX_V2 = "/old/network";

    @TempDir private static Path directory = Path.of("");
    private static List<OwnMember> members = List.of();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        OwnMember member = OwnMember.start(directory);
        members = List.of(member);
        assertThat(member.run("put", PREFIX + "/config", CONFIG).status()).isZero();
        assertThat(member.run("put", PREFIX + "/subnets/10.55.7.0-24", LEASE).status()).isZero();
        ofV2("set", PREFIX_V2 + "/config", CONFIG);
        ofV2("set", PREFIX_V2 + "/subnets/10.55.8.0-24", LEASE);
    }

    private static void ofV2(String... words) {
        var environment = new HashMap<>(member().environment());
        environment.put("ETCDCTL_API", "2");
        environment.put("ETCDCTL_ENDPOINTS", member().url());
        assertThat(OwnEtcdctl.start(environment, "", List.of(words)).end().status()).isZero();
    }

    private static OwnMember member() {
        return members.getFirst();
    }

    @AfterAll
    static void stop() {
        members.forEach(OwnMember::close);
    }

    /** Of a playground that is not there: this machine is the one host that is looked at. */
    private int net(String... words) {
        var line = new ArrayList<>(List.of("--playground", "no-such-playground", "net"));
        line.addAll(List.of(words));
        line.add("--etcd-endpoints=" + member().url());
        return run(line);
    }

    private int of(String endpoints) {
        return run(
                List.of(
                        "--playground",
                        "no-such-playground",
                        "net",
                        "status",
                        "--etcd-endpoints=" + endpoints));
    }

    private int run(List<String> line) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                line.toArray(String[]::new));
    }

    private void shows(String expected, String... words) {
        assertThat(net(words)).as("%s%s", out, err).isZero();
        assertThat(out.toString()).contains(expected);
    }

    @Test
    void networkIsFoundAtItsPrefix() {
        String prefix = "--etcd-prefix=" + PREFIX;
        shows("10.55.7.0/24", "status", prefix);
        shows("192.0.2.1", "status", prefix, "-o", "json");
        shows("DESTINATION", "routes", prefix);
        shows("REACHES", "map", prefix);
        assertThat(net("trace", "10.55.7.2", "10.55.7.3", prefix)).isEqualTo(1);
        assertThat(err.toString()).contains("10.55.7.2 is no host that runs");
    }

    @Test
    void networkInKeysOfV2IsFoundAtItsPrefix() {
        shows("10.55.8.0/24", "status", "--etcd-v2", "--etcd-prefix=" + PREFIX_V2);
    }

    @Test
    void policiesAreThoseOfThePrefix() {
        String prefix = "--etcd-prefix=" + PREFIX;
        shows("policy default is made", "policy", "set", POLICY, prefix);
        assertThat(member().run("get", PREFIX + "/skerry/policies/default").out()).contains("deny");
        shows("default", "policy", "list", prefix);
        shows("deny", "policy", "get", "default", prefix);
        assertThat(net("policy", "explain", "10.55.7.2", "10.55.9.2:80", prefix)).isEqualTo(1);
        assertThat(out.toString()).contains("default");
        assertThat(net("policy", "get", "default")).isEqualTo(1); // of the usual prefix
        shows("policy default is deleted", "policy", "delete", "default", prefix);
    }

    @Test
    void policiesInKeysOfV2AreRefusedWithWhatToDo() {
        for (List<String> words :
                List.of(
                        List.of("list"),
                        List.of("get", "default"),
                        List.of("set", POLICY),
                        List.of("delete", "default"),
                        List.of("explain", "10.55.7.2", "10.55.9.2:80"))) {
            var line = new ArrayList<>(List.of("policy"));
            line.addAll(words);
            line.addAll(List.of("--etcd-v2", "--etcd-prefix=" + PREFIX_V2));

            assertThat(net(line.toArray(String[]::new))).isEqualTo(1);

            assertThat(err.toString())
                    .contains("keys of v3 only")
                    .contains("ETCDCTL_API=2 ")
                    .contains("set " + PREFIX_V2 + "/skerry/policies/NAME DOCUMENT");
        }
    }

    @Test
    void whoHasNoNetworkIsToldHowToMakeOneThere() {
        assertThat(net("status")).isEqualTo(1);
        assertThat(err.toString())
                .contains("no network at /coreos.com/network/config")
                .contains("only --etcd-v2 would find it")
                .contains(
                        "etcdctl --endpoints="
                                + member().url()
                                + " put /coreos.com/network/config");

        assertThat(net("status", "--etcd-v2", "--etcd-prefix=" + PREFIX)).isEqualTo(1);
        assertThat(err.toString())
                .contains("leave out --etcd-v2")
                .contains("ETCDCTL_API=2 ")
                .contains("set " + PREFIX + "/config '{")
                .contains("flannel.etcd-v2: true")
                .doesNotContain("up --network");
    }

    @Test
    void optionsThatCannotBeMeantAreRefused() {
        assertThat(net("status", "--etcd-prefix=x")).isEqualTo(2);
        assertThat(err.toString()).startsWith("skerry net status: ").contains("must begin with /");
        assertThat(net("policy", "list", "--etcd-certfile=/c")).isEqualTo(2);
        assertThat(err.toString()).contains("belong together");
    }

    @Test
    void urlOfAStoreIsRefusedWithoutWhatMayBeAPassword() {
        assertThat(of("10.0.0.1")).isEqualTo(2);
        assertThat(err.toString()).contains("names 10.0.0.1 and must be URLs like http://");
        assertThat(of("http://root:secret@127.0.0.1:1")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--etcd-endpoints names a user in a URL")
                .doesNotContain("secret")
                .hasLineCount(1);
    }
}
