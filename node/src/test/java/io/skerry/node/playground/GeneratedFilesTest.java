package io.skerry.node.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.node.config.NodeConfig;
import io.skerry.node.config.Role;
import io.skerry.testbed.hosts.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedFilesTest {
    private static final ClusterPlan PLAN = new ClusterPlan("blue", 3);

    @Test
    void firstHostsAreMembersOfTheStore() throws Exception {
        var config = NodeConfig.parse("node.yaml", ClusterFiles.nodeConfig(host(2), PLAN));

        assertThat(config.name()).isEqualTo("h2");
        assertThat(config.roles()).containsExactly(Role.ETCD, Role.FLEET, Role.FLANNEL);
        assertThat(config.store().token()).isEqualTo("blue");
        assertThat(config.store().initialCluster())
                .isEqualTo(
                        "h1=https://10.88.0.11:2380,h2=https://10.88.0.12:2380,"
                                + "h3=https://10.88.0.13:2380");
        assertThat(config.dataDirectory()).isEqualTo(Path.of("/var/lib/host/skerry"));
    }

    @Test
    void laterHostsAreClientsOfTheStore() throws Exception {
        var config = NodeConfig.parse("node.yaml", ClusterFiles.nodeConfig(host(4), PLAN));

        assertThat(config.roles()).containsExactly(Role.FLEET, Role.FLANNEL);
        assertThat(config.store().endpoints()).hasSize(3);
    }

    @Test
    void machineWithSystemdIsASingleMember() throws Exception {
        var config = NodeConfig.parse("node.yaml", ThisMachine.config("box", "192.0.2.7"));

        assertThat(config.store().initialCluster()).isEqualTo("box=https://192.0.2.7:2380");
        assertThat(config.roles()).containsExactly(Role.ETCD, Role.FLEET, Role.FLANNEL);
    }

    @Test
    void unitRunsTheLauncherWithTheJdkOfThisProgram() {
        assertThat(ClusterFiles.unit(Path.of("/usr/lib/jvm/x")))
                .contains(
                        "\nEnvironment=SKERRY_JAVA_HOME=/usr/lib/jvm/x\n",
                        "\nExecStart=/opt/skerry/skerry node --config /etc/skerry/node.yaml\n",
                        "\nRestart=always\n",
                        "\nRestartSec=200ms\n");
        assertThat(ThisMachine.unit(Path.of("/jdk"), Path.of("/srv/skerry")))
                .contains("\nExecStart=/srv/skerry/skerry node --config /etc/skerry/node.yaml\n");
    }

    @Test
    void planIsSettledOnceForThePlayground(@TempDir Path folder) throws Exception {
        assertThat(ClusterPlan.load(folder)).isEmpty();
        assertThat(ClusterPlan.forHosts(5).storeMembers()).isEqualTo(3);
        assertThat(ClusterPlan.forHosts(1).storeMembers()).isEqualTo(1);

        PLAN.save(folder);

        assertThat(ClusterPlan.load(folder)).contains(PLAN);
    }

    @Test
    void environmentNamesRunningHostsInOrderAndIsQuoted() {
        var access =
                new ClusterAccess(
                        List.of(
                                new ClusterAccess.Entrance(
                                        "h2",
                                        true,
                                        true,
                                        "https://127.0.0.1:3",
                                        "https://127.0.0.1:4"),
                                new ClusterAccess.Entrance(
                                        "h4",
                                        true,
                                        false,
                                        "https://127.0.0.1:7",
                                        "https://127.0.0.1:8"),
                                new ClusterAccess.Entrance(
                                        "h1",
                                        false,
                                        true,
                                        "https://127.0.0.1:1",
                                        "https://127.0.0.1:2")),
                        Path.of("/it's/pki"));

        var variables = Environment.of(access);

        assertThat(variables)
                .containsEntry("ETCDCTL_ENDPOINTS", "https://127.0.0.1:3,https://127.0.0.1:1")
                .containsEntry("FLEET_API", "https://127.0.0.1:4")
                .containsEntry("ETCDCTL_DIAL_TIMEOUT", "20s")
                .containsEntry("ETCDCTL_COMMAND_TIMEOUT", "20s")
                .containsEntry(
                        "FLEETCTL_ENDPOINT",
                        "https://127.0.0.1:4,https://127.0.0.1:8,https://127.0.0.1:2")
                .containsKeys("ETCDCTL_CACERT", "ETCDCTL_CERT", "ETCDCTL_KEY", "SKERRY_KEY");
        assertThat(Environment.exports(Map.of("A", "it's"))).isEqualTo("export A='it'\\''s'\n");
    }

    @Test
    void missingProgramsAreNamedWithPackageAndReason() {
        assertThat(SystemPackages.missing(path -> true)).isEmpty();

        var missing = SystemPackages.missing(path -> !path.endsWith("nft"));

        assertThat(SystemPackages.listed(missing))
                .isEqualTo("nftables (nft cuts hosts off for \"host isolate\")");
    }

    @Test
    void listsAreTablesForPeopleAndObjectsForPrograms() {
        var rows =
                new Rows(
                        Rows.columnsOf("NAME", "name", "N", "n"),
                        Rows.columnsOf("MORE", "more"),
                        List.of(Map.of("name", "a", "n", 12L, "more", List.of("x", "y"))));

        assertThat(Format.table.render(rows)).isEqualTo("NAME  N\na     12\n");
        assertThat(Format.wide.render(rows)).isEqualTo("NAME  N   MORE\na     12  x,y\n");
        assertThat(Format.json.render(rows)).contains("\"n\" : 12");
        assertThat(Format.yaml.render(rows)).contains("name: a");
    }

    private static Host host(int number) {
        return new Host(number, "0123456789abcdef0123456789abcdef", 20000, 20001);
    }
}
