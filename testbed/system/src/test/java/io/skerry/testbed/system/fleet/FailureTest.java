package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.system.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What breaks, and what becomes of units then: nothing runs twice, and nothing moves in vain. */
@OnCluster
final class FailureTest {
    private static final List<String> MEMBERS = List.of("h1", "h2", "h3");

    private final Cluster cluster;

    FailureTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void unitsOfTheEngineLeaderRunElsewhereOnceWhileItIsCutOff() throws Exception {
        cutOff(engineLeader());
    }

    @Test
    void unitsOfAnAgentRunElsewhereOnceWhileItIsCutOff() throws Exception {
        cutOff("h4");
    }

    @Test
    void unitsOfTheStoresMinorityRunElsewhereOnceWhileItIsCutOff() throws Exception {
        var members = new ArrayList<>(MEMBERS);
        members.remove(engineLeader());
        cutOff(members.getFirst());
    }

    @Test
    void unitsOfAHostThatTheStoreRejectsRunElsewhereOnceWhileItGoesOnForOthers() throws Exception {
        try {
            whileCutOff(
                    "h4",
                    () -> cluster.rejectStore("h4", true),
                    () -> cluster.rejectStore("h4", false));
        } finally {
            cluster.rejectStore("h4", false);
        }
    }

    private String engineLeader() throws Exception {
        String key = "/_coreos.com/fleet/lease/engine-leader";
        return Waiting.untilFound(
                "a host that leads",
                Cluster.PATIENCE,
                () -> {
                    String id = cluster.etcdctl("get", "--print-value-only", key);
                    return cluster.hosts().stream()
                            .filter(host -> id.contains(host.machineId()))
                            .map(Host::name)
                            .findFirst();
                });
    }

    private void cutOff(String host) throws Exception {
        whileCutOff(
                host,
                () -> cluster.playground().isolate(cluster.host(host)),
                () -> cluster.playground().heal(cluster.host(host)));
    }

    private interface Step {
        void take() throws Exception;
    }

    private void whileCutOff(String host, Step cut, Step heal) throws Exception {
        Map<String, String> before = startSpread();
        List<String> theirs =
                before.keySet().stream().filter(unit -> host.equals(before.get(unit))).toList();
        assertThat(theirs).isNotEmpty();

        cut.take();

        cluster.await(
                "its units elsewhere", () -> theirs.stream().allMatch(u -> elsewhere(u, host)));
        for (String unit : theirs) {
            assertThat(cluster.runsOn(host, unit)).as(unit + " on " + host).isFalse();
            String now = cluster.hostOf(unit);
            assertThat(moment(host, unit, "InactiveEnterTimestampMonotonic"))
                    .as(unit + " stopped on " + host + " before it was started on " + now)
                    .isLessThanOrEqualTo(moment(now, unit, "ActiveEnterTimestampMonotonic"));
        }
        Map<String, String> placed = places(before.keySet());

        heal.take();

        cluster.awaitHosts();
        cluster.await("each runs once", () -> places(before.keySet()).equals(placed));
        for (String unit : theirs) {
            assertThat(cluster.runsOn(host, unit)).isFalse();
        }
    }

    private boolean elsewhere(String unit, String host) {
        List<String> hosts = cluster.hostsOf(unit);
        return hosts.size() == 1 && !hosts.contains(host);
    }

    /** Microseconds of the kernel's clock, which all hosts share. */
    private long moment(String host, String unit, String property) throws Exception {
        return Long.parseLong(
                cluster.in(host, "systemctl", "show", "-p", property, "--value", unit));
    }

    private Map<String, String> startSpread() throws Exception {
        var words = new ArrayList<>(List.of("start"));
        for (int i = 1; i <= 2 * Cluster.HOSTS; i++) {
            words.add(cluster.writeService("spread" + i + ".service"));
        }
        cluster.fleet(words.toArray(String[]::new));
        return places(words.subList(1, words.size()));
    }

    private Map<String, String> places(Iterable<String> units) throws Exception {
        var places = new HashMap<String, String>();
        for (String unit : units) {
            places.put(unit, cluster.hostOf(unit));
        }
        return places;
    }

    private Map<String, String> runs(Map<String, String> places) throws Exception {
        var runs = new HashMap<String, String>();
        for (var place : places.entrySet()) {
            runs.put(place.getKey(), cluster.runOf(place.getValue(), place.getKey()));
        }
        return runs;
    }

    @Test
    void anAgentThatIsKilledKeepsItsUnits() throws Exception {
        Map<String, String> before = startSpread();
        Map<String, String> runs = runs(before);

        try (var _ = cluster.keepLeases("h4", "h1")) {
            for (String host : List.of("h4", "h1")) {
                cluster.in(host, "systemctl", "kill", "-s", "KILL", "skerry.service");
            }

            // Units that only the new processes can start.
            cluster.writeService("after@.service", "MachineMetadata=hostname=%i");
            cluster.fleet("start", "after@h4.service", "after@h1.service");
            cluster.awaitHosts();
        }
        assertThat(places(before.keySet())).isEqualTo(before);
        assertThat(runs(before)).isEqualTo(runs);
    }

    @Test
    @Tag("slow")
    void aStoreThatIsFrozenFor45SecondsMovesAndRestartsNothing() throws Exception {
        Map<String, String> before = startSpread();
        Map<String, String> runs = runs(before);

        for (String host : MEMBERS) {
            cluster.in(host, "systemctl", "kill", "-s", "STOP", "skerry.service");
        }
        Thread.sleep(45_000); // the scenario itself
        assertThat(cluster.runsOn("h4", "spread1.service"))
                .isEqualTo("h4".equals(before.get("spread1.service")));
        for (String host : MEMBERS) {
            cluster.in(host, "systemctl", "kill", "-s", "CONT", "skerry.service");
        }

        cluster.awaitHosts();
        // Units that are placed after all that.
        cluster.writeService("after@.service", "MachineMetadata=hostname=%i");
        for (int i = 1; i <= Cluster.HOSTS; i++) {
            cluster.fleet("start", "after@h" + i + ".service");
        }
        assertThat(places(before.keySet())).isEqualTo(before);
        assertThat(runs(before)).isEqualTo(runs);
    }
}
