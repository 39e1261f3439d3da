package io.skerry.fleet.simulation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.TargetState;
import io.skerry.systemd.unit.UnitName;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Units that get new files one after the other, for several seeds. */
class RolloutSimulationTest {
    private static final int SEEDS = 25;
    private static final int UNITS = 6;
    private static final List<String> NAMES =
            IntStream.rangeClosed(1, UNITS).mapToObj(i -> "web@" + i + ".service").toList();

    private static Simulation cluster(long seed) {
        var cluster = new Simulation(seed).hosts(3).pass(5);
        NAMES.forEach(cluster::launch);
        return cluster.settle().mark();
    }

    private static long runningInAll(Simulation cluster) {
        return NAMES.stream().filter(name -> !cluster.runningOn(name).isEmpty()).count();
    }

    private static long with(Simulation cluster, String command) {
        return cluster.snapshot().units().values().stream()
                .filter(u -> u.file().lastValue("Service", "ExecStart").orElse("").equals(command))
                .count();
    }

    @Test
    void oneAtATimeGetsItsNewFileAndOnlyWhenTheLastOneRuns() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = cluster(seed);
                    cluster.replaceInTurn("r1", "/bin/new", NAMES);
                    for (int i = 0; i < 600; i++) {
                        cluster.pass(0.05);
                        assertThat(runningInAll(cluster))
                                .as(cluster::story)
                                .isGreaterThanOrEqualTo(UNITS - 1);
                    }
                    cluster.settle().checkSettled();
                    assertThat(with(cluster, "/bin/new")).as(cluster::story).isEqualTo(UNITS);
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(UNITS);
                    assertThat(cluster.moves()).as(cluster::story).isEmpty();
                });
    }

    @Test
    void stopsAtTheFirstThatFailsAndTheOthersSaySo() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = cluster(seed);
                    cluster.replaceInTurn("r1", "/bin/false", NAMES).settle();
                    assertThat(with(cluster, "/bin/false")).as(cluster::story).isEqualTo(1);
                    assertThat(runningInAll(cluster)).as(cluster::story).isEqualTo(UNITS - 1);
                    assertThat(reason(cluster, "web@4.service"))
                            .as(cluster::story)
                            .contains("the replacement has stopped, since web@1.service failed");
                    // Files that are right go to all, the failed one included.
                    cluster.replaceInTurn("r2", "/bin/better", NAMES).settle().checkSettled();
                    assertThat(with(cluster, "/bin/better")).as(cluster::story).isEqualTo(UNITS);
                });
    }

    @Test
    void goesOnAfterUnitsThatRunToTheirEndBeforeAnybodySawThemAtWork() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = cluster(seed);
                    cluster.replaceInTurn("r1", "/bin/true", NAMES).settle();
                    assertThat(with(cluster, "/bin/true")).as(cluster::story).isEqualTo(UNITS);
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(UNITS);
                });
    }

    @Test
    void goesOnWhenTheHostOfTheOneWhoseTurnItIsDies() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = cluster(seed);
                    cluster.replaceInTurn("r1", "/bin/new", NAMES);
                    cluster.pass(cluster.pick(5000) / 1000.0);
                    cluster.anyHost().powerCut();
                    cluster.settle().settle().checkSettled();
                    assertThat(with(cluster, "/bin/new")).as(cluster::story).isEqualTo(UNITS);
                });
    }

    @Test
    void doesNotWaitForUnitsThatAreStoppedOrDestroyedMeanwhile() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = cluster(seed);
                    cluster.replaceInTurn("r1", "/bin/new", NAMES);
                    cluster.pass(cluster.pick(3000) / 1000.0);
                    cluster.target("web@1.service", TargetState.LOADED);
                    cluster.target("web@2.service", TargetState.INACTIVE);
                    cluster.destroy("web@3.service");
                    cluster.settle().checkSettled();
                    assertThat(with(cluster, "/bin/new")).as(cluster::story).isEqualTo(UNITS - 1);
                });
    }

    @Test
    void fileSaidAgainTakesTheWaitingOneBack() {
        Simulation cluster = cluster(1);
        cluster.replaceInTurn("r1", "/bin/false", NAMES).settle();
        cluster.launch("web@6.service").settle();
        assertThat(reason(cluster, "web@6.service"))
                .startsWith("placed on")
                .doesNotContain("former");
    }

    private static String reason(Simulation cluster, String unit) {
        return requireNonNull(cluster.snapshot().reasons().get(new UnitName(unit))).describe();
    }
}
