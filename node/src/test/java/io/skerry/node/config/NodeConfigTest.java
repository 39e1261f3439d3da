package io.skerry.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.etcd.client.EtcdUser;
import io.skerry.fleet.access.AccessRules;
import io.skerry.fleet.access.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeConfigTest {
    private static final String SMALLEST =
            """
            name: h1
            address: 10.88.0.11
            store:
              members:
                h1: 10.88.0.11
                h2: 10.88.0.12
            """;

    @Test
    void storesUserComesWithAFileThatHoldsItsPassword(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "secret\n");
        var yaml = SMALLEST + "  user: fleet\n  password-file: " + file + "\n";

        var user = NodeConfig.parse("node.yaml", yaml).store().user().orElseThrow();

        assertThat(user.signIn()).isEqualTo(new EtcdUser("fleet", "secret"));
        assertThat(user.signIn().toString()).doesNotContain("secret");
        assertThat(NodeConfig.parse("node.yaml", SMALLEST).store().user()).isEmpty();
        assertThatThrownBy(() -> NodeConfig.parse("node.yaml", SMALLEST + "  user: fleet\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("store.password-file")
                .hasMessageContaining("given together with user");
    }

    @Test
    void smallestFileMakesAMemberOfTheStoreThatRunsUnits() throws Exception {
        var config = NodeConfig.parse("node.yaml", SMALLEST);

        assertThat(config.roles()).containsExactly(Role.ETCD, Role.FLEET, Role.FLANNEL);
        assertThat(config.dataDirectory()).isEqualTo(Path.of("/var/lib/skerry"));
        assertThat(config.pki("ca.crt")).isEqualTo(Path.of("/etc/skerry/pki/ca.crt"));
        assertThat(config.clientUrl()).hasToString("https://10.88.0.11:2379");
        assertThat(config.store().joining()).isFalse();
        assertThat(config.store().initialCluster())
                .isEqualTo("h1=https://10.88.0.11:2380,h2=https://10.88.0.12:2380");
        assertThat(config.fleet())
                .contains(
                        new FleetSettings(
                                49153,
                                Path.of("/run/fleet.sock"),
                                Path.of("/run/fleet/units"),
                                Map.of(),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                true,
                                AccessRules.OPEN,
                                true));
    }

    @Test
    void everySettingIsTaken() throws Exception {
        var config =
                NodeConfig.parse(
                        "node.yaml",
                        """
                        name: h4
                        address: fd00::4
                        roles: [fleet]
                        data-dir: /srv/skerry
                        pki-dir: /srv/pki
                        store:
                          token: blue
                          members: {h1: "fd00::1"}
                          initial-cluster-state: existing
                          client-port: 12379
                          peer-port: 12380
                          heartbeat-interval: 50ms
                          election-timeout: 2s
                        fleet:
                          port: 5000
                          socket: /run/other.sock
                          units-dir: /run/units
                          lease-ttl: 3s
                          handover: 0s
                          engine: false
                          containers: false
                          metadata:
                            zone: a
                            ssd: "yes"
                        """);

        assertThat(config.roles()).containsExactly(Role.FLEET);
        assertThat(config.store().endpoints())
                .singleElement()
                .hasToString("https://[fd00::1]:12379");
        assertThat(config.store().joining()).isTrue();
        assertThat(config.store().heartbeatInterval()).isEqualTo(Duration.ofMillis(50));
        assertThat(config.fleet())
                .contains(
                        new FleetSettings(
                                5000,
                                Path.of("/run/other.sock"),
                                Path.of("/run/units"),
                                Map.of("zone", "a", "ssd", "yes"),
                                Duration.ofSeconds(3),
                                Duration.ZERO,
                                false,
                                AccessRules.OPEN,
                                false));
    }

    @Test
    void rolesAreGivenToCertificates() throws Exception {
        var config =
                NodeConfig.parse(
                        "node.yaml",
                        SMALLEST + "fleet: {roles: {admin: [CN=alice, O=ops], read-only: '*'}}\n");

        assertThat(config.fleet()).isPresent();
        var access = config.fleet().orElseThrow().access();
        assertThat(access.of(Subject.Owner.of("CN=x,O=ops")))
                .contains(io.skerry.fleet.access.Role.ADMIN);
        assertThat(access.of(Subject.Owner.of("CN=x")))
                .contains(io.skerry.fleet.access.Role.READ_ONLY);
        refused(
                SMALLEST + "fleet: {roles: {admin: [alice]}}\n",
                "node.yaml:7: fleet.roles is not usable and must be mended: \"alice\" must be"
                        + " CN=name or O=organisation of a certificate, * for any certificate, or"
                        + " anonymous");
        refused(
                SMALLEST + "fleet: {roles: {king: [CN=alice]}}\n",
                "node.yaml:7: no setting fleet.roles.king; known are admin, operator, read-only");
        refused(
                SMALLEST + "fleet: {tokens-file: /none/tokens}\n",
                "node.yaml:7: fleet.tokens-file is /none/tokens and must be a readable file of"
                        + " tokens: /none/tokens");
    }

    @Test
    void unknownKeyIsRefusedWithItsLineAndTheNearestOne() {
        refused(
                SMALLEST + "  tokn: x\n",
                "node.yaml:7: no setting store.tokn; did you mean token?");
        refused(
                SMALLEST + "xyzzy: 1\n",
                "node.yaml:7: no setting xyzzy; known are address, data-dir, flannel, fleet,"
                        + " name, pki-dir, roles, store");
    }

    @Test
    void wrongValueIsRefusedWithItsLineAndWhatIsAllowed() {
        refused(
                SMALLEST + "  client-port: 70000\n",
                "node.yaml:7: store.client-port is 70000 and must be a port from 1 to 65535");
        refused(
                SMALLEST + "  initial-cluster-state: old\n",
                "node.yaml:7: store.initial-cluster-state is old and must be new or existing");
        refused(
                SMALLEST + "  election-timeout: 100ms\n",
                "node.yaml:7: store.election-timeout is 100ms and must be a time like 500ms, 10s or"
                        + " 5m from 500ms to 50s");
        refused(
                SMALLEST + "data-dir: here\n",
                "node.yaml:7: data-dir is here and must be an absolute path");
        refused(
                SMALLEST + "roles: [flet]\n",
                "node.yaml:7: roles is flet (did you mean fleet?) and must be of etcd, fleet,"
                        + " flannel");
        refused(
                SMALLEST + "fleet: {engine: maybe}\n",
                "node.yaml:7: fleet.engine is maybe and must be true or false");
        refused(SMALLEST + "fleet: 7\n", "node.yaml:7: fleet must hold keys with values");
        refused(SMALLEST + "data-dir: [a]\n", "node.yaml:7: data-dir must be a single value");
    }

    @Test
    void keyGivenTwiceIsRefused() {
        refused(SMALLEST + "name: h2\n", "node.yaml:7: name is given twice");
    }

    @Test
    void whatMustBeThereIsAskedFor() {
        refused("address: 10.0.0.1\n", "node.yaml: name is missing");
        refused(
                "name: h1\naddress: 10.0.0.1\n",
                "node.yaml: store is missing; give the store's members");
        refused(
                "name: h1\naddress: 10.0.0.1\nstor:\n  members: {}\n",
                "node.yaml:3: no setting stor; did you mean store?");
        refused("", "node.yaml is empty; docs/operations.md shows an example");
    }

    @Test
    void memberOfTheStoreMustBeListedWithItsOwnAddress() {
        refused(
                SMALLEST.replace("name: h1", "name: h9") + "roles: [etcd]\n",
                "node.yaml: this host has the role etcd but store.members has no h9, only h1, h2");
        refused(
                SMALLEST.replace("address: 10.88.0.11", "address: 10.88.0.99"),
                "node.yaml: address is 10.88.0.99 but store.members gives h1 the address"
                        + " 10.88.0.11; they must be the same");
    }

    @Test
    void brokenYamlIsToldWithItsLine() {
        assertThatThrownBy(() -> NodeConfig.parse("node.yaml", "name: h1\n  address: x\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("node.yaml:2: not YAML: ");
    }

    private static void refused(String yaml, String message) {
        assertThatThrownBy(() -> NodeConfig.parse("node.yaml", yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }
}
