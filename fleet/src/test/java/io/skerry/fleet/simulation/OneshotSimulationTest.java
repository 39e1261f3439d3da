package io.skerry.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.PlacementReason;
import io.skerry.fleet.model.TargetState;
import io.skerry.systemd.unit.UnitName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Oneshot units that have finished, whatever becomes of their hosts, for several seeds. */
class OneshotSimulationTest {
    private static final int SEEDS = 25;
    private static final String JOB = "job.service";

    private static Simulation finished(long seed) {
        var cluster = new Simulation(seed).hosts(3).pass(5);
        cluster.oneshot(JOB).settle().checkSettled();
        assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(1);
        return cluster;
    }

    private static SimHost home(Simulation cluster) {
        return cluster.hosts.stream()
                .filter(host -> host.units().containsKey(new UnitName(JOB)))
                .findAny()
                .orElseThrow();
    }

    @Test
    void doesNotRunAgainWhenItsHostIsLost() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = finished(seed);
                    String home = home(cluster).id;
                    home(cluster).powerCut();
                    cluster.settle().checkSettled();
                    assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(1);
                    assertThat(cluster.snapshot().reasons().get(new UnitName(JOB)))
                            .as(cluster::story)
                            .isEqualTo(new PlacementReason.Finished(home));
                });
    }

    /** Nobody is left to take its place away, and nothing of it goes on when the host is back. */
    @Test
    void isSaidToHaveFinishedWhenTheOnlyHostIsLost() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(1).pass(5);
                    cluster.oneshot(JOB).settle().checkSettled();
                    home(cluster).powerCut();
                    cluster.settle();
                    assertThat(cluster.snapshot().machines()).as(cluster::story).isEmpty();
                    assertThat(reason(cluster))
                            .as(cluster::story)
                            .isEqualTo(new PlacementReason.Finished("host1"));
                });
    }

    @Test
    void doesNotRunAgainWhenItsHostBootsAnew() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = finished(seed);
                    SimHost home = home(cluster);
                    home.powerCut();
                    cluster.pass(3);
                    home.powerOn();
                    cluster.settle().checkSettled();
                    assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(1);
                });
    }

    @Test
    void doesNotRunAgainWhenItsHostIsDrained() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = finished(seed);
                    cluster.drain(home(cluster), true).settle().checkSettled();
                    assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(1);
                });
    }

    @Test
    void runsAgainWhenItsHostIsLostBeforeItHasFinished() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(3).pass(5);
                    cluster.oneshot(JOB).pass(2);
                    home(cluster).powerCut();
                    cluster.settle().checkSettled();
                    assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(2);
                });
    }

    @Test
    void isKnownToHaveFinishedThoughTheAgentWasAwayMeanwhile() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(3).pass(5);
                    cluster.oneshot(JOB).pass(2);
                    SimHost home = home(cluster);
                    home.killProcess();
                    cluster.pass(4);
                    home.startProcess();
                    cluster.pass(5);
                    home.powerCut();
                    cluster.settle().checkSettled();
                    assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(1);
                });
    }

    @Test
    void runsAgainOnlyWhenItIsRestartedOrReplaced() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = finished(seed);
                    home(cluster).powerCut();
                    cluster.settle();
                    cluster.target(JOB, TargetState.LAUNCHED).settle();
                    assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(1);
                    cluster.target(JOB, TargetState.LOADED).settle();
                    cluster.target(JOB, TargetState.LAUNCHED).settle();
                    assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(2);
                    cluster.oneshot(JOB, "Conflicts=other.service").settle().checkSettled();
                    assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(3);
                });
    }

    @Test
    void givesTheRoomThatItAskedForToOthersWhenItHasFinished() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(1).pass(5);
                    cluster.neverOverloaded = true;
                    cluster.oneshot(JOB, "CPU=3").pass(2);
                    cluster.launch("web.service", "CPU=3").pass(1);
                    assertThat(cluster.runningOn("web.service")).as(cluster::story).isEmpty();

                    cluster.settle().checkSettled();

                    assertThat(cluster.runningOn("web.service")).as(cluster::story).hasSize(1);
                    assertThat(reason(cluster))
                            .as(cluster::story)
                            .isEqualTo(new PlacementReason.Finished("host1"));
                    // Whoever runs it again waits for room like anybody else.
                    cluster.target(JOB, TargetState.LOADED).settle();
                    cluster.target(JOB, TargetState.LAUNCHED).settle().checkSettled();
                    assertThat(reason(cluster))
                            .as(cluster::story)
                            .isInstanceOf(PlacementReason.NoMachineFits.class);
                    assertThat(cluster.runningOn("web.service")).as(cluster::story).hasSize(1);
                    cluster.destroy("web.service").settle().checkSettled();
                    assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(2);
                });
    }

    @Test
    void keepsItsPlaceWhenItAskedForNothingOrOthersAreThereForItsSake() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = finished(seed);
                    String home = home(cluster).id;
                    assertThat(reason(cluster)).isEqualTo(new PlacementReason.Placed(home));

                    cluster.oneshot("big.service", "CPU=1").pass(2);
                    cluster.launch("side.service", "MachineOf=big.service");
                    cluster.settle().checkSettled();
                    assertThat(cluster.runningOn("side.service")).as(cluster::story).hasSize(1);
                });
    }

    @Test
    void isJoinedWhereItHasFinishedThoughItsPlaceIsGivenUp() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(3).pass(5);
                    cluster.oneshot(JOB, "CPU=1").settle().checkSettled();
                    assertThat(reason(cluster))
                            .as(cluster::story)
                            .isInstanceOfSatisfying(
                                    PlacementReason.Finished.class,
                                    finished -> joins(cluster, finished.machineId()));
                });
    }

    /** The machine that it ran on is not the emptiest one by then. */
    @Test
    void runsAgainWhereOthersHaveJoinedItAndMovesNoneOfThem() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(3).pass(5);
                    cluster.oneshot(JOB, "CPU=1").settle().checkSettled();
                    cluster.launch("side.service", "MachineOf=" + JOB).settle().checkSettled();
                    var before = cluster.runningOn("side.service");
                    assertThat(before).as(cluster::story).hasSize(1);

                    cluster.target(JOB, TargetState.LOADED).settle().checkSettled();
                    cluster.target(JOB, TargetState.LAUNCHED).settle().checkSettled();

                    assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(2);
                    assertThat(cluster.timesStarted("side.service"))
                            .as(cluster::story)
                            .isEqualTo(1);
                    assertThat(cluster.runningOn("side.service"))
                            .as(cluster::story)
                            .isEqualTo(before);
                    assertThat(home(cluster).id).as(cluster::story).isIn(before);
                });
    }

    private static void joins(Simulation cluster, String home) {
        cluster.launch("side.service", "MachineOf=" + JOB).settle().checkSettled();
        assertThat(cluster.runningOn("side.service")).as(cluster::story).containsExactly(home);

        // It waits for that machine, and for no other one.
        SimHost host =
                cluster.hosts.stream().filter(h -> h.id.equals(home)).findAny().orElseThrow();
        host.powerCut();
        cluster.settle().checkSettled();
        assertThat(cluster.runningOn("side.service")).as(cluster::story).isEmpty();
        host.powerOn();
        cluster.settle().checkSettled();
        assertThat(cluster.runningOn("side.service")).as(cluster::story).containsExactly(home);
        assertThat(cluster.timesStarted(JOB)).as(cluster::story).isEqualTo(1);
    }

    private static @Nullable PlacementReason reason(Simulation cluster) {
        return cluster.snapshot().reasons().get(new UnitName(JOB));
    }
}
