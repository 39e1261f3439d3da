package io.skerry.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.systemd.unit.UnitName;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@code Spread=} over hosts of which host 1 and 4 are in zone z1, 2 and 5 in z2, 3 in z0. */
class SpreadSimulationTest {
    private static final int SEEDS = 25;

    private static Map<String, Integer> byZone(Simulation cluster, String prefix) {
        var zones = new TreeMap<String, Integer>();
        for (int number = 1; number <= cluster.hosts.size(); number++) {
            SimHost host = cluster.host(number);
            int running =
                    (int)
                            host.units().keySet().stream()
                                    .filter(host::runs)
                                    .map(UnitName::value)
                                    .filter(name -> name.startsWith(prefix))
                                    .count();
            zones.merge("z" + number % 3, running, Integer::sum);
        }
        return zones;
    }

    @Test
    void instancesAreSpreadEvenlyOverTheValuesWhateverTheHosts() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(5).pass(5);
                    for (int i = 1; i <= 6; i++) {
                        cluster.launch("web@" + i + ".service", "Spread=zone");
                    }
                    cluster.settle().checkSettled();
                    assertThat(byZone(cluster, "web@"))
                            .as(cluster::story)
                            .isEqualTo(Map.of("z0", 2, "z1", 2, "z2", 2));
                });
    }

    @Test
    void ofOneValueTheLeastLoadedHostIsTaken() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(5).pass(5);
                    cluster.launch("other.service", "MachineID=host1").pass(3);
                    cluster.launch("db.service", "Spread=zone db*", "MachineMetadata=zone=z1");
                    cluster.settle().checkSettled();
                    assertThat(cluster.runningOn("db.service")).containsExactly("host4");
                });
    }

    @Test
    void lostZoneIsMadeUpForByTheOthersEvenly() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(5).pass(5);
                    for (int i = 1; i <= 6; i++) {
                        cluster.launch("web@" + i + ".service", "Spread=zone");
                    }
                    cluster.settle().checkSettled();
                    cluster.host(3).powerCut();
                    cluster.settle().checkSettled();
                    assertThat(byZone(cluster, "web@"))
                            .as(cluster::story)
                            .isEqualTo(Map.of("z0", 0, "z1", 3, "z2", 3));
                });
    }

    @Test
    void hostsWithoutTheKeyComeLast() {
        var cluster = new Simulation(1).hosts(2).pass(5);
        for (int i = 1; i <= 3; i++) {
            cluster.launch("a@" + i + ".service", "Spread=rack").pass(1);
        }
        cluster.settle().checkSettled();
        assertThat(byZone(cluster, "a@").values()).containsExactlyInAnyOrder(1, 2);
    }
}
