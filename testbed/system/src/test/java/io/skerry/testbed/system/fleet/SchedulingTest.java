package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Where units are placed, and where they are not. */
@OnCluster
final class SchedulingTest {
    private static final List<String> THREE = List.of("1", "2", "3");

    private final Cluster cluster;

    SchedulingTest(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void machineOfKeepsThreePairsTogetherWhenTheyMove() throws Exception {
        cluster.writeService("ping@.service", "Conflicts=ping@*.service");
        cluster.writeService("pong@.service", "MachineOf=ping@%i.service");
        for (String i : THREE) {
            cluster.fleet("start", "ping@" + i + ".service", "pong@" + i + ".service");
        }
        var hosts = new HashSet<String>();
        for (String i : THREE) {
            hosts.add(pairHost(i));
        }
        assertThat(hosts).hasSize(3);
        String second = cluster.hostOf("ping@2.service");
        String third = cluster.hostOf("ping@3.service");

        String left = cluster.hostOf("ping@1.service");
        cluster.stopNode(left);

        cluster.await(
                "the first pair together on the free host",
                () ->
                        cluster.hostsOf("ping@1.service").size() == 1
                                && !hosts.contains(cluster.hostsOf("ping@1.service").getFirst())
                                && cluster.hostsOf("pong@1.service")
                                        .equals(cluster.hostsOf("ping@1.service")));
        assertThat(pairHost("2")).isEqualTo(second);
        assertThat(pairHost("3")).isEqualTo(third);
    }

    private String pairHost(String instance) throws Exception {
        String host = cluster.hostOf("ping@" + instance + ".service");
        assertThat(cluster.hostOf("pong@" + instance + ".service")).isEqualTo(host);
        return host;
    }

    @Test
    void conflictsLetThreeOfFiveRunOnThreeHosts() throws Exception {
        cluster.drain(cluster.host("h4"));
        for (int i = 1; i <= 5; i++) {
            cluster.writeService("lone" + i + ".service", "Conflicts=lone*.service");
        }

        cluster.fleet("start", "--no-block", "lone1", "lone2", "lone3", "lone4", "lone5");

        cluster.await("three of them active", () -> active("lone").size() == 3);
        assertThat(hostsOfAll("lone")).containsExactly("h1", "h2", "h3");
        String waiting = firstWithoutHost("lone", 5);
        cluster.await(
                "why the others wait", () -> cluster.fleet("explain", waiting).contains("onflict"));
        cluster.fleet("destroy", active("lone").getFirst());
        cluster.await("another in its place", () -> active("lone").size() == 3);
    }

    @Test
    void aOneWayConflictWaitsUntilTheOtherIsDestroyed() throws Exception {
        String here = "MachineMetadata=hostname=h1";
        cluster.writeService("shy.service", "Conflicts=loud.service", here);
        cluster.writeService("loud.service", here);
        cluster.fleet("start", "shy");

        cluster.fleet("start", "--no-block", "loud");

        cluster.await("the reason", () -> cluster.fleet("explain", "loud").contains("onflict"));
        assertThat(cluster.hostsOf("loud.service")).isEmpty();
        cluster.fleet("destroy", "shy");
        assertThat(cluster.hostOf("loud.service")).isEqualTo("h1");
    }

    @Test
    void severalConflictsAreAllHeeded() throws Exception {
        cluster.writeService("red.service");
        cluster.writeService("green.service", "Conflicts=red.service");
        cluster.writeService("blue.service", "Conflicts=red.service green.service");
        cluster.writeService(
                "black.service", "Conflicts=red.service", "Conflicts=green.service blue.service");
        cluster.writeService("white.service", "Conflicts=red.service", "Conflicts=b* green*");

        cluster.fleet("start", "red", "green", "blue", "black");
        cluster.fleet("start", "--no-block", "white");

        var hosts = new TreeSet<String>();
        for (String colour : List.of("red", "green", "blue", "black")) {
            hosts.add(cluster.hostOf(colour + ".service"));
        }
        assertThat(hosts).containsExactly("h1", "h2", "h3", "h4");
        cluster.await("no room left", () -> cluster.fleet("explain", "white").contains("onflict"));
        assertThat(cluster.hostsOf("white.service")).isEmpty();
    }

    @Test
    void replacesMovesTheOtherUnitElsewhere() throws Exception {
        cluster.writeService("old.service");
        cluster.fleet("start", "old");
        String before = cluster.hostOf("old.service");
        cluster.writeService(
                "new.service", "Replaces=old.service", "MachineMetadata=hostname=" + before);

        cluster.fleet("start", "new");

        assertThat(cluster.hostOf("new.service")).isEqualTo(before);
        cluster.await(
                "the replaced unit elsewhere",
                () ->
                        cluster.hostsOf("old.service").size() == 1
                                && !cluster.hostsOf("old.service").contains(before));
    }

    @Test
    void ofUnitsThatReplaceEachOtherOneIsLaunched() throws Exception {
        String here = "MachineMetadata=hostname=h2";
        cluster.writeService("first.service", "Replaces=second.service", here);
        cluster.writeService("second.service", "Replaces=first.service", here);

        cluster.fleet("start", "--no-block", "first", "second");

        cluster.await("one of them active", () -> launched("first", "second").size() == 1);
        String winner = launched("first", "second").iterator().next();
        String loser = winner.equals("first.service") ? "second.service" : "first.service";
        String run = cluster.runOf("h2", winner);
        cluster.await("the reason", () -> cluster.fleet("explain", loser).contains(winner));
        assertThat(launched("first", "second")).containsExactly(winner);
        assertThat(cluster.runOf("h2", winner)).isEqualTo(run);
    }

    @Test
    void machineIdPinsAUnitByItsLongOrShortForm() throws Exception {
        String id = cluster.host("h3").machineId();
        cluster.writeService("long.service", "MachineID=" + id);
        cluster.writeService("short.service", "MachineID=" + id.substring(0, 8));
        cluster.writeService("nowhere.service", "MachineID=ffffffffffffffffffffffffffffffff");

        cluster.fleet("start", "long", "short");
        cluster.fleet("start", "--no-block", "nowhere");

        assertThat(cluster.hostOf("long.service")).isEqualTo("h3");
        assertThat(cluster.hostOf("short.service")).isEqualTo("h3");
        cluster.await("the reason", () -> cluster.fleet("explain", "nowhere").contains("ffffffff"));
        assertThat(cluster.hostsOf("nowhere.service")).isEmpty();
    }

    @Test
    void aGlobalUnitRunsOnEveryHostBesideTwoThatDoNot() throws Exception {
        cluster.writeService("one.service");
        cluster.writeService("two.service");
        cluster.writeService("all.service", "Global=true");

        cluster.fleet("start", "one", "two", "all");

        cluster.await(
                "two units and one for each host", () -> active("").size() == 2 + Cluster.HOSTS);
        assertThat(cluster.hostsOf("all.service"))
                .containsExactlyInAnyOrder("h1", "h2", "h3", "h4");
        assertThat(cluster.fleet("list-unit-files", "--no-legend", "--fields=unit,target"))
                .containsPattern("all\\.service\\s+global");
        cluster.fleet("destroy", "all");
        cluster.await("the two alone", () -> active("").size() == 2);
    }

    @Test
    void ofGlobalUnitsInConflictTheSecondRunsNowhere() throws Exception {
        cluster.writeService("aa.service", "Global=true", "Conflicts=bb.service");
        cluster.writeService("bb.service", "Global=true");
        cluster.fleet("start", "aa");
        cluster.await("the first on all", () -> cluster.hostsOf("aa.service").size() == 4);

        cluster.fleet("start", "--no-block", "bb");
        // What comes after it in every agent's orders shows that they have decided.
        cluster.writeService("cc.service", "Global=true");
        cluster.fleet("start", "cc");
        cluster.await("the third on all", () -> cluster.hostsOf("cc.service").size() == 4);

        assertThat(cluster.hostsOf("bb.service")).isEmpty();
        assertThat(cluster.hostsOf("aa.service")).hasSize(4);
    }

    @Test
    void metadataInATemplateBringsEachInstanceToItsHost() throws Exception {
        cluster.writeService("at@.service", "MachineMetadata=hostname=%i");

        cluster.fleet("start", "at@h2.service", "at@h4.service");

        assertThat(cluster.hostOf("at@h2.service")).isEqualTo("h2");
        assertThat(cluster.hostOf("at@h4.service")).isEqualTo("h4");
    }

    @Test
    void metadataThatNoHostHasIsNeverScheduled() throws Exception {
        cluster.writeService("at@.service", "MachineMetadata=hostname=%i");

        cluster.fleet("start", "--no-block", "at@nobody.service");

        cluster.await(
                "the reason",
                () -> cluster.fleet("explain", "at@nobody.service").contains("hostname"));
        cluster.fleet("start", "at@h1.service");
        assertThat(cluster.hostsOf("at@nobody.service")).isEmpty();
        assertThat(cluster.stateOf("at@nobody.service")).isEqualTo("inactive");
    }

    private List<String> active(String prefix) {
        return cluster.units().stream()
                .filter(line -> line.unit().startsWith(prefix) && line.active().equals("active"))
                .map(UnitLine::unit)
                .toList();
    }

    private Set<String> hostsOfAll(String prefix) {
        var hosts = new TreeSet<String>();
        active(prefix).forEach(unit -> hosts.addAll(cluster.hostsOf(unit)));
        return hosts;
    }

    private Set<String> launched(String... units) {
        var running = new TreeSet<String>();
        for (String unit : units) {
            running.addAll(active(unit + ".service"));
        }
        return running;
    }

    private String firstWithoutHost(String prefix, int count) {
        List<String> running = active(prefix);
        for (int i = 1; i <= count; i++) {
            String unit = prefix + i + ".service";
            if (!running.contains(unit)) {
                return unit;
            }
        }
        throw new AssertionError("all of them run: " + running);
    }
}
