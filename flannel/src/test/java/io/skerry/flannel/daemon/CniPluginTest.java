package io.skerry.flannel.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import io.skerry.flannel.BridgedHost;
import io.skerry.flannel.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script as a container's runtime runs it; the plugins it leaves the work to are real. */
class CniPluginTest {
    private static final Path DISTRIBUTION = Path.of("/usr/lib/cni");

    /** Where host-local keeps what it gave out, by the network's name. */
    private static final Path GIVEN = Path.of("/var/lib/cni/networks");

    private final ObjectMapper mapper = new ObjectMapper();
    private final String network = "skerry-" + ProcessHandle.current().pid();

    @TempDir private Path directory = Path.of("");

    @BeforeEach
    void write() throws IOException {
        CniPlugin.write(directory.resolve("bin/flannel"));
        // Says what it is told.
        Path teller = Files.writeString(directory.resolve("bin/teller"), "#!/bin/sh\ncat\n");
        assertThat(teller.toFile().setExecutable(true)).isTrue();
        Files.writeString(
                directory.resolve("subnet.env"),
                """
                FLANNEL_NETWORK=10.77.0.0/16
                FLANNEL_SUBNET=10.77.5.129/25
                FLANNEL_IPV6_NETWORK=fd77::/48
                FLANNEL_IPV6_SUBNET=fd77:0:0:5::1/64
                FLANNEL_MTU=1430
                FLANNEL_IPMASQ=true
                """);
    }

    private String configuration(String delegate) {
        return """
        {
          "cniVersion": "0.3.1", "name": "%s", "type": "flannel",
          "subnetFile": "%s", "dataDir": "%s",
          "runtimeConfig": {"portMappings": [{"hostPort": 80}]},
          "delegate": %s
        }
        """
                .formatted(
                        network,
                        directory.resolve("subnet.env"),
                        directory.resolve("data"),
                        delegate);
    }

    /** Runs it with a network namespace's device to make, or none. */
    private Finished run(String command, String configuration, String... before)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(before));
        words.addAll(
                List.of(
                        "env",
                        "CNI_COMMAND=" + command,
                        "CNI_CONTAINERID=c-1",
                        "CNI_IFNAME=eth7",
                        "CNI_PATH=" + directory.resolve("bin") + ":" + DISTRIBUTION,
                        directory.resolve("bin/flannel").toString()));
        return Command.of(words).stdin(configuration).run();
    }

    private JsonNode told(String delegate) throws Exception {
        Finished finished = run("ADD", configuration(delegate));
        assertThat(finished.succeeded()).as("%s", finished).isTrue();
        return mapper.readTree(finished.stdout());
    }

    @Test
    void delegateGetsTheSubnetAndKeepsWhatItSays() throws Exception {
        JsonNode told =
                told(
                        "{\"type\":\"teller\", \"mtu\" : 1300, \"hairpinMode\": true,"
                                + "\"odd\": [\"}, \\\"x\\\": {\", {\"a\": [1, 2]}]}");

        assertThat(told)
                .isEqualTo(
                        mapper.readTree(
                                """
                                {"cniVersion":"0.3.1","name":"%s","type":"teller","mtu":1300,
                                 "hairpinMode":true,"odd":["}, \\"x\\": {",{"a":[1,2]}],
                                 "ipMasq":false,
                                 "runtimeConfig":{"portMappings":[{"hostPort":80}]},
                                 "ipam":{"type":"host-local",
                                  "ranges":[[{"subnet":"10.77.5.128/25"}],
                                            [{"subnet":"fd77:0:0:5::/64"}]],
                                  "routes":[{"dst":"10.77.0.0/16"},{"dst":"fd77::/48"}]}}
                                """
                                        .formatted(network)));
        assertThat(Files.readString(directory.resolve("data/c-1"))).contains("teller");
        assertThat(run("CHECK", configuration("{}")).succeeded()).isTrue();
        // The configuration may be another by then.
        assertThat(run("DEL", configuration("{\"type\":\"teller\"}")).stdout()).contains("1300");
        assertThat(directory.resolve("data/c-1")).doesNotExist();
        assertThat(run("DEL", configuration("{}")).succeeded()).isTrue();
        assertThat(run("CHECK", configuration("{}")).stdout()).contains("nothing is known");
    }

    @Test
    void whatCannotBeIsRefusedInTheWayOfCni() throws Exception {
        for (String[] refusal :
                new String[][] {
                    {configuration("{\"ipam\":{}}"), "delegate must have no ipam"},
                    {configuration("{\"name\":\"x\"}"), "delegate must have no name"},
                    {configuration("{\"type\":\"../x\"}"), "delegate.type is no name"},
                    {configuration("{\"type\":\"absent\"}"), "no plugin absent in CNI_PATH"},
                    {configuration("7"), "delegate is no JSON object"},
                    {"nonsense", "the configuration is no JSON object"},
                    {"{}", "the configuration has no name"},
                    {"{\"name\":\"x\",\"subnetFile\":\"/no/file\"}", "/no/file does not tell"}
                }) {
            Finished finished = run("ADD", refusal[0]);

            assertThat(finished.succeeded()).as(refusal[1]).isFalse();
            assertThat(mapper.readTree(finished.stdout()).path("msg").asText())
                    .contains(refusal[1]);
        }
        assertThat(run("VERSION", "").stdout()).contains("\"supportedVersions\"", "\"0.3.1\"");
    }

    @Test
    void bridgeOfTheDistributionAttachesAContainer() throws Exception {
        try (var hosts = new BridgedHost()) {
            TestHost host = hosts.host;
            TestHost container = hosts.outside;
            String[] there = {
                "nsenter",
                "--net=/run/netns/" + host.namespace(),
                "env",
                "CNI_NETNS=/run/netns/" + container.namespace()
            };
            String configuration = configuration("{\"bridge\":\"cni7\"}").replace("0.3.1", "0.4.0");

            Finished added = run("ADD", configuration, there);

            assertThat(added.succeeded()).as("%s", added).isTrue();
            assertThat(container.ip("addr", "show", "eth7"))
                    .contains("mtu 1430", "inet 10.77.5.1", "inet6 fd77:0:0:5::");
            assertThat(container.ip("route")).contains("10.77.0.0/16 via 10.77.5.129 dev eth7");
            assertThat(container.seenBy(host, "10.77.5.129")).startsWith("10.77.5.1");

            String result = added.stdout();
            Finished checked = run("CHECK", withResult(configuration, result), there);
            assertThat(checked.succeeded()).as("%s", checked).isTrue();
            container.ip("route", "replace", "10.77.0.0/16", "via", "10.77.5.130");
            assertThat(run("CHECK", withResult(configuration, result), there).stdout())
                    .contains("\"msg\"", "10.77.0.0");
            container.ip("route", "replace", "10.77.0.0/16", "via", "10.77.5.129");
            assertThat(run("CHECK", withResult(configuration, result), there).succeeded()).isTrue();
            container.ip("-4", "addr", "flush", "dev", "eth7");
            assertThat(run("CHECK", withResult(configuration, result), there).succeeded())
                    .isFalse();

            assertThat(run("DEL", configuration, there).succeeded()).isTrue();
            assertThat(container.ip("link")).doesNotContain("eth7");
        } finally {
            Command.of("rm", "-rf", GIVEN.resolve(network).toString()).check();
        }
    }

    /** As a runtime asks for a check: with what adding the container told. */
    private static String withResult(String configuration, String result) {
        String open = configuration.strip();
        return open.substring(0, open.length() - 1) + ",\"prevResult\":" + result + "}";
    }
}
