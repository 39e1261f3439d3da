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
    void aSidekickInstalledForAUnitStartsAndStopsWithIt() throws Exception {
        cluster.writeService("hello.service");
        cluster.write(
                "discovery.service",
                """
                [Unit]
                BindsTo=hello.service
                After=hello.service
                [Service]
                ExecStart=/bin/sleep infinity
                [Install]
                WantedBy=hello.service
                [X-Fleet]
                MachineOf=hello.service
                """);
        cluster.fleet("load", "hello", "discovery");
        assertThat(cluster.hostsOf("discovery.service")).isEmpty();

        cluster.fleet("start", "hello");

        String host = cluster.hostOf("hello.service");
        assertThat(cluster.hostOf("discovery.service")).isEqualTo(host);
        cluster.fleet("stop", "hello");
        cluster.await("both at rest", () -> cluster.stateOf("discovery.service").equals("loaded"));
        assertThat(cluster.runsOn(host, "discovery.service")).isFalse();
    }

    @Test
    void aUnitThatRequiresAnotherStartsAfterIt() throws Exception {
        cluster.write(
                "base.service",
                """
                [Service]
                Type=oneshot
                RemainAfterExit=yes
                ExecStart=/bin/sh -c 'sleep 1; echo ready > /run/base-ready'
                ExecStop=/bin/rm -f /run/base-ready
                """);
        cluster.write(
                "above.service",
                """
                [Unit]
                Requires=base.service
                After=base.service
                [Service]
                ExecStartPre=/usr/bin/test -e /run/base-ready
                ExecStart=/bin/sleep infinity
                [X-Fleet]
                MachineOf=base.service
                """);

        cluster.fleet("start", "above", "base");

        String host = cluster.hostOf("above.service");
        assertThat(cluster.hostOf("base.service")).isEqualTo(host);
        assertThat(cluster.in(host, "systemctl", "show", "-p", "NRestarts", "above.service"))
                .isEqualTo("NRestarts=0");
    }

    @Test
    void aSocketStartsItsServiceWhenSomebodyConnects() throws Exception {
        cluster.write("echo.socket", "[Socket]\nListenStream=/run/echo.sock\nAccept=no\n");
        cluster.write(
                "echo.service",
                """
                [Unit]
                Requires=echo.socket
                [Service]
                ExecStart=/bin/sleep infinity
                [X-Fleet]
                MachineOf=echo.socket
                """);
        cluster.fleet("load", "echo.socket", "echo.service");
        cluster.fleet("start", "echo.socket");
        String host = cluster.hostOf("echo.socket");
        assertThat(cluster.runsOn(host, "echo.service")).isFalse();

        // Nobody will answer; that somebody has connected is what counts.
        cluster.playground()
                .run(
                        cluster.host(host),
                        "curl",
                        "--max-time",
                        "1",
                        "--unix-socket",
                        "/run/echo.sock",
                        "http://echo/");

        assertThat(cluster.hostOf("echo.service")).isEqualTo(host);
        assertThat(cluster.files()).containsPattern("echo.service\\s+loaded\\s");
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

    @Test
    void whatComesToRestAtOnceIsToldAsFinishedAndWhatCannotStartWithTheReason() throws Exception {
        cluster.write("quick.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n");
        cluster.write(
                "skipped.service",
                "[Unit]\nConditionPathExists=/nowhere\n[Service]\nExecStart=/bin/false\n");
        var rest = cluster.run("start", "quick", "skipped");
        assertThat(rest.exitCode()).as(rest.stderr()).isZero();
        assertThat(rest.stdout())
                .containsPattern("Unit quick.service launched on \\S+ and has finished")
                .containsPattern("Unit skipped.service launched on \\S+ and has finished");

        cluster.write(
                "needy.service",
                """
                [Unit]
                Requires=ghost.service
                After=ghost.service
                [Service]
                ExecStart=/bin/sleep 1000
                """);
        cluster.write("broken.service", "[Service]\nType=oneshot\n");
        var refused = cluster.run("start", "needy", "broken");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.stderr())
                .containsPattern("Unit needy.service did not start on \\S+: invalid")
                .containsPattern("Unit broken.service cannot be loaded on \\S+: bad-setting");
        cluster.fleet("destroy", "needy", "broken");
    }

    @Test
    void aOneshotThatHasFinishedIsNotRunAgain() throws Exception {
        cluster.write(
                "once.service",
                """
                [Service]
                Type=oneshot
                ExecStart=/bin/sh -c 'echo run >> /run/once-runs'
                [X-Fleet]
                MachineMetadata=hostname=h4
                """);
        cluster.in("h4", "rm", "-f", "/run/once-runs");
        cluster.fleet("start", "once");

        cluster.in("h4", "systemctl", "restart", "skerry.service");
        // Only the new agent can start this one.
        cluster.writeService("later.service", "MachineMetadata=hostname=h4");
        cluster.fleet("start", "later");

        assertThat(cluster.in("h4", "cat", "/run/once-runs")).isEqualTo("run");
    }
}
