package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.systemd.unit.UnitFile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server on a host, and the way of a unit through it. */
@OnCluster
final class ServerTest {
    private final Cluster cluster;

    ServerTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aCleanShutdownLeavesTheServerInactiveWithSuccess() throws Exception {
        cluster.stopNode("h4");

        assertThat(
                        cluster.in(
                                        "h4",
                                        "systemctl",
                                        "show",
                                        "-p",
                                        "ActiveState,Result",
                                        "skerry.service")
                                .lines())
                .containsExactlyInAnyOrder("ActiveState=inactive", "Result=success");
    }

    @Test
    void aUnitIsLoadedStartedStoppedAndUnloadedWithItsHash() throws Exception {
        String text = "[Unit]\nDescription=flows\n[Service]\nExecStart=/bin/sleep infinity\n";
        cluster.write("flows.service", text);
        String hash = UnitFile.parse("flows.service", text).sha1Hash();

        cluster.fleet("load", "flows");
        awaitState("flows.service", "inactive", "dead", hash);
        String host = cluster.units().getFirst().host();
        assertThat(cluster.in(host, "cat", "/run/fleet/units/flows.service")).contains("flows");

        cluster.fleet("start", "flows");
        awaitState("flows.service", "active", "running", hash);
        assertThat(cluster.runsOn(host, "flows.service")).isTrue();

        cluster.fleet("stop", "flows");
        awaitState("flows.service", "inactive", "dead", hash);
        assertThat(cluster.runsOn(host, "flows.service")).isFalse();

        cluster.fleet("unload", "flows");
        cluster.await("no state of it", () -> cluster.units().isEmpty());
        assertThat(cluster.in(host, "ls", "/run/fleet/units")).doesNotContain("flows");
        assertThat(cluster.stateOf("flows.service")).isEqualTo("inactive");
    }

    private void awaitState(String unit, String active, String sub, String hash)
            throws InterruptedException {
        cluster.await(
                unit + " is " + active,
                () ->
                        cluster.units().stream()
                                .map(line ->
                                        List.of(
                                                line.unit(),
                                                line.active(),
                                                line.sub(),
                                                line.hash()))
                                .toList()
                                .equals(List.of(List.of(unit, active, sub, hash))));
    }
}
