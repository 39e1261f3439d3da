package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** fleet alone on one host, by a socket unit and {@code fleet.conf} as with the original. */
@OnCluster
final class FleetdTest {
    private static final String CONF = "/etc/fleet/fleet.conf";

    private final Cluster cluster;

    FleetdTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @AfterEach
    void giveTheHostBack() throws Exception {
        cluster.in("h4", "systemctl", "stop", "fleet.service", "fleet.socket");
        cluster.in(
                "h4",
                "sh",
                "-c",
                "rm -rf /etc/fleet /run/systemd/system/fleet.service"
                        + " /run/systemd/system/fleet.socket; systemctl daemon-reload");
        cluster.startNode("h4");
    }

    @Test
    void aReloadOfTheConfigurationKeepsSocketsAndUnits() throws Exception {
        String java =
                cluster.in("h4", "systemctl", "show", "-p", "Environment", "--value", "skerry");
        cluster.stopNode("h4");
        install(CONF, conf("hostname=h4"));
        install(
                "/run/systemd/system/fleet.socket",
                "[Socket]\nListenStream=/run/fleet.sock\nSocketMode=0660\n");
        install(
                "/run/systemd/system/fleet.service",
                """
                [Unit]
                Requires=fleet.socket
                After=fleet.socket
                [Service]
                Type=notify
                Environment=%s
                ExecStart=/opt/skerry/skerry fleetd
                ExecReload=/bin/kill -HUP $MAINPID
                """
                        .formatted(java));
        cluster.in("h4", "systemctl", "daemon-reload");
        cluster.in("h4", "systemctl", "start", "fleet.service");
        cluster.awaitHosts();
        cluster.writeService("stays.service", "MachineMetadata=hostname=h4");
        cluster.fleet("start", "stays");
        String run = cluster.runOf("h4", "stays.service");
        String socket = cluster.in("h4", "stat", "-c", "%i", "/run/fleet.sock");
        String process = mainPid();

        install(CONF, conf("hostname=h4,reloaded=yes"));
        cluster.in("h4", "systemctl", "reload", "fleet.service");

        cluster.await(
                "the new metadata",
                () -> cluster.fleet("list-machines", "--full").contains("reloaded=yes"));
        assertThat(cluster.in("h4", "systemctl", "is-active", "fleet.socket")).isEqualTo("active");
        assertThat(cluster.in("h4", "stat", "-c", "%i", "/run/fleet.sock")).isEqualTo(socket);
        assertThat(mainPid()).isEqualTo(process);
        cluster.await(
                "an answer on the socket",
                () ->
                        cluster.in(
                                        "h4",
                                        "curl",
                                        "-s",
                                        "--unix-socket",
                                        "/run/fleet.sock",
                                        "http://fleet/fleet/v1/machines")
                                .contains("reloaded"));
        assertThat(cluster.runOf("h4", "stays.service")).isEqualTo(run);
    }

    private String mainPid() throws Exception {
        return cluster.in("h4", "systemctl", "show", "-p", "MainPID", "--value", "fleet.service");
    }

    private void install(String path, String text) throws Exception {
        cluster.in("h4", "mkdir", "-p", path.substring(0, path.lastIndexOf('/')));
        cluster.in("h4", "sh", "-c", "printf %s \"$1\" > \"$2\"", "sh", text, path);
    }

    private static String conf(String metadata) {
        return """
        etcd_servers=["https://10.88.0.11:2379","https://10.88.0.12:2379","https://10.88.0.13:2379"]
        etcd_cafile=/etc/skerry/pki/ca.crt
        etcd_certfile=/etc/skerry/pki/client.crt
        etcd_keyfile=/etc/skerry/pki/client.key
        public_ip=10.88.0.14
        agent_ttl=60s
        metadata=%s
        """
                .formatted(metadata);
    }
}
