package io.skerry.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.PlacementReason;
import io.skerry.systemd.unit.UnitName;
import org.junit.jupiter.api.Test;

/** Units that ask for CPU and memory, on hosts of 4 processors and 8 GiB, for several seeds. */
class ResourcesSimulationTest {
    private static final int SEEDS = 25;

    private static Simulation cluster(long seed, int hosts) {
        var cluster = new Simulation(seed).hosts(hosts).pass(5);
        cluster.neverOverloaded = true;
        return cluster;
    }

    private static String reason(Simulation cluster, String unit) {
        PlacementReason reason = cluster.snapshot().reasons().get(new UnitName(unit));
        return reason == null ? "" : reason.describe();
    }

    private static long running(Simulation cluster, String prefix) {
        return cluster.hosts.stream()
                .flatMap(host -> host.units().keySet().stream().filter(host::runs))
                .filter(unit -> unit.value().startsWith(prefix))
                .count();
    }

    @Test
    void hostTakesNoMoreThanItHasWhateverHappensToTheOthers() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed, 3);
                    for (int i = 1; i <= 10; i++) {
                        cluster.launch("big" + i + ".service", "CPU=1500m", "Memory=1G");
                    }
                    cluster.settle().checkSettled();
                    assertThat(running(cluster, "big")).as(cluster::story).isEqualTo(6);
                    cluster.host(1).powerCut();
                    cluster.settle().checkSettled();
                    assertThat(running(cluster, "big")).as(cluster::story).isEqualTo(4);
                    cluster.host(1).powerOn();
                    cluster.settle().checkSettled();
                    assertThat(running(cluster, "big")).as(cluster::story).isEqualTo(6);
                });
    }

    @Test
    void whoeverFitsNowhereIsToldHowMuchIsMissingWhere() {
        var cluster = cluster(1, 2);
        cluster.launch("one.service", "CPU=3", "Memory=6G");
        cluster.launch("two.service", "CPU=2", "Memory=1G").pass(5);
        cluster.launch("late.service", "CPU=2500m", "Memory=4G");
        cluster.settle().checkSettled();

        assertThat(reason(cluster, "late.service"))
                .contains("lacks 1.5 of CPU (2.5 wanted, 1 of 4 free)")
                .contains("and 2G of memory (4G wanted, 2G of 8G free)")
                .contains("lacks 500m of CPU (2.5 wanted, 2 of 4 free)");

        cluster.destroy("two.service").settle().checkSettled();
        assertThat(cluster.runningOn("late.service")).hasSize(1);
    }

    @Test
    void whatGlobalUnitsAskForIsKeptFree() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed, 3);
                    cluster.launch("global.service", "Global=true", "CPU=1").pass(5);
                    for (int i = 1; i <= 5; i++) {
                        cluster.launch("big" + i + ".service", "CPU=2");
                    }
                    cluster.settle().checkSettled();
                    assertThat(running(cluster, "big")).as(cluster::story).isEqualTo(3);
                    assertThat(running(cluster, "global")).as(cluster::story).isEqualTo(3);
                });
    }

    @Test
    void globalUnitStaysAwayFromHostsThatAreFull() {
        var cluster = cluster(1, 2);
        cluster.launch("big.service", "CPU=4").pass(5);
        cluster.launch("global.service", "Global=true", "CPU=1");
        cluster.settle().checkSettled();
        String full = cluster.runningOn("big.service").getFirst();

        assertThat(cluster.runningOn("global.service")).hasSize(1).doesNotContain(full);
        assertThat(reason(cluster, "global.service"))
                .contains("not on: " + full + " lacks 1 of CPU (1 wanted, 0m of 4 free)");

        cluster.destroy("big.service").settle().checkSettled();
        assertThat(cluster.runningOn("global.service")).hasSize(2);
    }

    @Test
    void ofUnitsThatGrowOnlyThoseStayThatFit() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(2).pass(5);
                    for (int i = 1; i <= 4; i++) {
                        cluster.launch("unit" + i + ".service", "CPU=2");
                    }
                    cluster.settle().checkSettled();
                    cluster.launch("unit2.service", "CPU=3");
                    cluster.settle().checkSettled();
                    assertThat(running(cluster, "unit")).as(cluster::story).isEqualTo(3);
                });
    }
}
