package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Units that are no services, and units that systemd starts because of other units. */
@OnCluster
final class UnitKindsTest {
    private final Cluster cluster;

    UnitKindsTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aTimerStartsItsService() throws Exception {
        cluster.write("tick.timer", "[Timer]\nOnActiveSec=1s\nAccuracySec=100ms\n");
        cluster.write(
                "tick.service",
                """
                [Service]
                ExecStart=/bin/sleep infinity
                [X-Fleet]
                MachineOf=tick.timer
                """);
        cluster.fleet("load", "tick.timer", "tick.service");

        cluster.fleet("start", "tick.timer");

        assertThat(cluster.hostOf("tick.service")).isEqualTo(cluster.hostOf("tick.timer"));
        assertThat(cluster.files()).containsPattern("tick.service\\s+loaded\\s");
    }

    @Test
    void aPathStartsItsServiceWhenTheFileAppears() throws Exception {
        cluster.write("seen.path", "[Path]\nPathExists=/run/appears\n");
        cluster.write(
                "seen.service",
                """
                [Service]
                ExecStart=/bin/sleep infinity
                ExecStopPost=/bin/rm -f /run/appears
                [X-Fleet]
                MachineOf=seen.path
                """);
        cluster.fleet("load", "seen.path", "seen.service");
        cluster.fleet("start", "seen.path");
        String host = cluster.hostOf("seen.path");
        assertThat(cluster.hostsOf("seen.service")).isEmpty();

        cluster.in(host, "touch", "/run/appears");

        assertThat(cluster.hostOf("seen.service")).isEqualTo(host);
    }

    @Test
    void aMountIsMountedAndUnmounted() throws Exception {
        cluster.write(
                "run-scratch.mount",
                "[Mount]\nWhat=tmpfs\nWhere=/run/scratch\nType=tmpfs\nOptions=size=1m\n");

        cluster.fleet("start", "run-scratch.mount");

        String host = cluster.hostOf("run-scratch.mount");
        assertThat(cluster.in(host, "findmnt", "-n", "-o", "FSTYPE", "/run/scratch"))
                .isEqualTo("tmpfs");
        cluster.fleet("stop", "run-scratch.mount");
        assertThat(
                        cluster.playground()
                                .run(cluster.host(host), "findmnt", "/run/scratch")
                                .exitCode())
                .isNotZero();
    }
}
