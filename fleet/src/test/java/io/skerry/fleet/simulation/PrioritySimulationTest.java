package io.skerry.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.PlacementReason;
import io.skerry.systemd.unit.UnitName;
import org.junit.jupiter.api.Test;

/** Who gives way to whom with {@code Priority=}, on hosts of 4 processors, for several seeds. */
class PrioritySimulationTest {
    private static final int SEEDS = 25;

    private static Simulation cluster(long seed, int hosts) {
        var cluster = new Simulation(seed).hosts(hosts).pass(5);
        cluster.neverOverloaded = true;
        return cluster;
    }

    private static boolean runs(Simulation cluster, String unit) {
        return cluster.runningOn(unit).size() == 1;
    }

    @Test
    void fewestOfTheLowestGiveWayAndSayWhyTheyWait() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed, 2);
                    cluster.launch("low1.service", "CPU=2", "Priority=-1");
                    cluster.launch("low2.service", "CPU=2", "Priority=-1").pass(2);
                    cluster.launch("mid1.service", "CPU=2", "Priority=1");
                    cluster.launch("mid2.service", "CPU=2", "Priority=1");
                    cluster.settle().checkSettled();
                    cluster.mark();
                    cluster.launch("high.service", "CPU=2", "Priority=5");
                    cluster.settle().checkSettled();
                    assertThat(runs(cluster, "high.service")).as(cluster::story).isTrue();
                    assertThat(runs(cluster, "mid1.service")).as(cluster::story).isTrue();
                    assertThat(runs(cluster, "mid2.service")).as(cluster::story).isTrue();
                    assertThat(runs(cluster, "low1.service") ^ runs(cluster, "low2.service"))
                            .as(cluster::story)
                            .isTrue();
                    assertThat(cluster.stopsSeen()).as(cluster::story).isEqualTo(1);
                    String waiting =
                            runs(cluster, "low1.service") ? "low2.service" : "low1.service";
                    PlacementReason why = cluster.snapshot().reasons().get(new UnitName(waiting));
                    assertThat(why)
                            .isInstanceOfSatisfying(
                                    PlacementReason.NoMachineFits.class,
                                    none ->
                                            assertThat(none.describe())
                                                    .contains("lacks 2 of CPU (2 wanted, 0m of 4"));
                });
    }

    @Test
    void severalSmallOnesMakeRoomForABigOneWithoutComingBackMeanwhile() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed, 2);
                    for (int i = 1; i <= 8; i++) {
                        cluster.launch("small" + i + ".service", "CPU=1");
                    }
                    cluster.settle().checkSettled();
                    cluster.mark();
                    cluster.launch("big.service", "CPU=3", "Priority=1");
                    cluster.settle().checkSettled();
                    assertThat(runs(cluster, "big.service")).as(cluster::story).isTrue();
                    assertThat(cluster.stopsSeen()).as(cluster::story).isEqualTo(3);
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(1);
                });
    }

    @Test
    void displacedUnitGoesOnElsewhereWhenItFitsThere() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed, 2);
                    cluster.launch("free.service", "CPU=3", "MachineMetadata=disk=ssd").pass(5);
                    cluster.launch("picky.service", "CPU=3", "Priority=9", "MachineID=host2");
                    cluster.settle().checkSettled();
                    assertThat(cluster.runningOn("picky.service")).containsExactly("host2");
                    assertThat(cluster.runningOn("free.service")).isEmpty();
                    cluster.launch("free.service", "CPU=3");
                    cluster.settle().checkSettled();
                    assertThat(cluster.runningOn("free.service")).containsExactly("host1");
                });
    }

    @Test
    void waitsForNoHandoverThatDoesNotComeToItsEnd() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed, 2);
                    cluster.launch("low.service", "CPU=3", "MachineID=host1").settle();
                    cluster.host(2).failing.add(new UnitName("low.service"));
                    cluster.launch("low.service", "CPU=3").settle();
                    cluster.drain(cluster.host(1), true).pass(10);
                    assertThat(cluster.runningOn("low.service"))
                            .as(cluster::story)
                            .containsExactly("host1");
                    cluster.drain(cluster.host(1), false).pass(10);

                    cluster.launch("high.service", "CPU=3", "MachineID=host1", "Priority=5");
                    cluster.settle();

                    assertThat(cluster.runningOn("high.service"))
                            .as(cluster::story)
                            .containsExactly("host1");
                    assertThat(cluster.runningOn("low.service")).as(cluster::story).isEmpty();
                    cluster.mark().settle();
                    assertThat(cluster.moves()).as(cluster::story).isEmpty();
                });
    }

    @Test
    void leavesAHandoverOfAnEqualOneAlone() {
        var cluster = cluster(1, 3);
        cluster.launch("moving.service", "CPU=3", "Priority=5", "MachineID=host1").settle();
        cluster.host(2).failing.add(new UnitName("moving.service"));
        cluster.host(3).failing.add(new UnitName("moving.service"));
        cluster.launch("moving.service", "CPU=3", "Priority=5").settle();
        cluster.drain(cluster.host(1), true).pass(10);
        cluster.drain(cluster.host(1), false).pass(10);
        cluster.launch("low.service", "CPU=3").pass(10);

        cluster.launch("high.service", "CPU=3", "Priority=5").settle();

        assertThat(cluster.runningOn("moving.service")).containsExactly("host1");
        assertThat(runs(cluster, "high.service")).as(cluster::story).isTrue();
        assertThat(cluster.runningOn("low.service")).as(cluster::story).isEmpty();
    }

    @Test
    void equalsNeverGiveWay() {
        var cluster = cluster(1, 1);
        cluster.launch("first.service", "CPU=3", "Priority=2").pass(5);
        cluster.launch("low.service", "CPU=1").pass(5).mark();
        cluster.launch("second.service", "CPU=3", "Priority=2");
        cluster.settle().checkSettled();
        assertThat(runs(cluster, "first.service")).isTrue();
        assertThat(runs(cluster, "low.service")).isTrue();
        assertThat(cluster.stopsSeen()).isZero();
    }

    @Test
    void unitThatExcludesItGivesWayAsWell() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed, 1);
                    cluster.launch("old.service", "Conflicts=new.service").pass(5);
                    cluster.launch("new.service", "Priority=1");
                    cluster.settle().checkSettled();
                    assertThat(cluster.runningOn("new.service")).containsExactly("host1");
                    assertThat(cluster.runningOn("old.service")).isEmpty();
                });
    }

    @Test
    void unitThatReplacesItDoesNotGiveWay() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed, 1);
                    cluster.launch("low.service", "Replaces=high.service").pass(5).mark();
                    cluster.launch("high.service", "Priority=10");
                    cluster.settle().checkSettled();
                    assertThat(runs(cluster, "low.service")).as(cluster::story).isTrue();
                    assertThat(runs(cluster, "high.service")).as(cluster::story).isFalse();
                    assertThat(cluster.stopsSeen()).as(cluster::story).isZero();
                });
    }

    @Test
    void unitStaysOnWhomAnEqualOneDepends() {
        var cluster = cluster(1, 1);
        cluster.launch("main.service", "CPU=3").pass(3);
        cluster.launch("side.service", "MachineOf=main.service", "Priority=7").pass(5).mark();
        cluster.launch("high.service", "CPU=3", "Priority=7");
        cluster.settle().checkSettled();
        assertThat(runs(cluster, "main.service")).isTrue();
        assertThat(runs(cluster, "side.service")).isTrue();
        assertThat(cluster.stopsSeen()).isZero();
    }
}
