package io.skerry.testbed.system.fleet;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.testbed.hosts.Host;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hosts that come, go, and are cut off from the store. */
@OnCluster
final class HostsTest {
    private static final List<String> LONERS =
            List.of("lone@1.service", "lone@2.service", "lone@3.service");

    private final Cluster cluster;

    HostsTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void ofThreeConflictingUnitsOnlyThatOfTheStoppedAgentMovesToTheFreeHost() throws Exception {
        Map<String, String> before = startLoners();
        var runs = new HashMap<String, String>();
        for (String unit : LONERS) {
            runs.put(unit, cluster.runOf(in(before, unit), unit));
        }
        var free = new ArrayList<>(List.of("h1", "h2", "h3", "h4"));
        free.removeAll(before.values());
        String moving = LONERS.getFirst();

        cluster.stopNode(in(before, moving));

        cluster.await("its unit on the free host", () -> cluster.hostsOf(moving).equals(free));
        for (String unit : LONERS.subList(1, 3)) {
            assertThat(cluster.hostOf(unit)).isEqualTo(before.get(unit));
            assertThat(cluster.runOf(in(before, unit), unit)).isEqualTo(runs.get(unit));
        }
    }

    @Test
    void exactlyOneOfThreeUnitsMigratesWhenItsHostReboots() throws Exception {
        Map<String, String> before = startLoners();
        String rebooted = in(before, LONERS.get(1));

        cluster.skerry().call("host", "stop", rebooted);
        cluster.skerry().call("host", "start", rebooted);

        cluster.awaitHosts();
        var moved = new ArrayList<String>();
        for (String unit : LONERS) {
            if (!cluster.hostOf(unit).equals(before.get(unit))) {
                moved.add(unit);
            }
        }
        assertThat(moved).containsExactly(LONERS.get(1));
    }

    private static String in(Map<String, String> hosts, String unit) {
        return requireNonNull(hosts.get(unit), unit);
    }

    private Map<String, String> startLoners() throws Exception {
        cluster.writeService("lone@.service", "Conflicts=lone@*.service");
        cluster.fleet("start", LONERS.get(0), LONERS.get(1), LONERS.get(2));
        var hosts = new HashMap<String, String>();
        for (String unit : LONERS) {
            hosts.put(unit, cluster.hostOf(unit));
        }
        assertThat(hosts.values()).doesNotHaveDuplicates();
        return hosts;
    }

    @Test
    void aHostThatTheStoreRejectsKeepsItsUnitsAndStopsNoneAfterwards() throws Exception {
        // Units of the original are not fenced: what is to stop here when it may be started
        // elsewhere is for FailureTest.
        cluster.writeService("single.service", "MachineMetadata=hostname=h4", "Fencing=false");
        cluster.writeService("everywhere.service", "Global=true");
        cluster.fleet("start", "single", "everywhere");
        assertThat(cluster.hostOf("single.service")).isEqualTo("h4");
        cluster.await("it on all", () -> cluster.hostsOf("everywhere.service").size() == 4);
        String single = cluster.runOf("h4", "single.service");
        String everywhere = cluster.runOf("h4", "everywhere.service");

        cluster.rejectStore("h4", true);
        try {
            cluster.await("its lease has run out", () -> !cluster.machines().contains("h4"));
            assertThat(cluster.runOf("h4", "single.service")).isEqualTo(single);
            assertThat(cluster.runOf("h4", "everywhere.service")).isEqualTo(everywhere);
        } finally {
            cluster.rejectStore("h4", false);
        }

        cluster.awaitHosts();
        cluster.await(
                "its states again",
                () ->
                        cluster.hostsOf("single.service").equals(List.of("h4"))
                                && cluster.hostsOf("everywhere.service").size() == 4);
        assertThat(cluster.runOf("h4", "single.service")).isEqualTo(single);
        assertThat(cluster.runOf("h4", "everywhere.service")).isEqualTo(everywhere);
        assertThat(cluster.in("h4", "journalctl", "-b", "-u", "single.service", "-o", "cat"))
                .doesNotContain("Stopping", "Stopped");
    }

    @Test
    void anAgentThatIsShutDownTakesItsMachineAndStatesAlongAndItsUnitsStop() throws Exception {
        cluster.writeService("bound.service", "MachineMetadata=hostname=h4");
        cluster.fleet("start", "bound");

        cluster.stopNode("h4");

        cluster.await(
                "neither machine nor states",
                () -> !cluster.machines().contains("h4") && cluster.units().isEmpty());
        assertThat(cluster.runsOn("h4", "bound.service")).isFalse();
    }

    @Test
    void aSecondHostWithTheSameMachineIdIsRefusedWith503() throws Exception {
        Host original = cluster.host("h3");
        Host copy = cluster.host("h4");
        cluster.stopNode("h4");
        setMachineId(copy, original.machineId());
        try {
            cluster.startNode("h4");

            // It also answers so while its store is away, but not with these words.
            cluster.await("the refusal", () -> isRefused("/machines", original.machineId()));
            assertThat(isRefused("/units", original.address())).isTrue();
            assertThat(cluster.machines()).containsExactly("h1", "h2", "h3");
        } finally {
            setMachineId(copy, copy.machineId());
            cluster.in("h4", "systemctl", "restart", "skerry.service");
        }
    }

    private boolean isRefused(String target, String why) throws Exception {
        var reply = cluster.requestOnce("h4", "GET", target, "");
        return reply.status() == 503
                && reply.text().contains("\"code\":503")
                && reply.text().contains(why);
    }

    private void setMachineId(Host host, String id) throws Exception {
        cluster.in(host, "sh", "-c", "echo " + id + " > /etc/machine-id");
    }
}
