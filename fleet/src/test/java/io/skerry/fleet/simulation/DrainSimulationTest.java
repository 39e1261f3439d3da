package io.skerry.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.PlacementReason;
import io.skerry.fleet.model.TargetState;
import io.skerry.systemd.unit.UnitName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hosts that are to be rid of their units while all is well, each case for several seeds. */
class DrainSimulationTest {
    private static final int SEEDS = 25;

    private static Simulation cluster(long seed, String... options) {
        var cluster = new Simulation(seed).hosts(4).pass(5);
        for (int i = 1; i <= 12; i++) {
            cluster.launch("unit" + i + ".service", options);
        }
        cluster.launch("global1.service", "Global=true");
        cluster.settle().checkSettled();
        return cluster.mark();
    }

    private static SimHost chosen(Simulation cluster, long seed) {
        return cluster.host((int) (seed % 4) + 1);
    }

    private static void assertOnlyGlobal(Simulation cluster, SimHost host) {
        assertThat(host.units().keySet())
                .as(cluster::story)
                .containsExactly(new UnitName("global1.service"));
    }

    @Test
    void unitsOfADrainedHostRunElsewhereBeforeTheyStop() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = chosen(cluster, seed);
                    int had = host.units().size() - 1;
                    cluster.drain(host, true).pass(6);
                    assertOnlyGlobal(cluster, host);
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(had);
                    assertThat(cluster.gapsSeen()).as(cluster::story).isZero();
                    cluster.settle().checkSettled();
                });
    }

    @Test
    void unitThatMayNotOverlapStopsFirst() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed, "Overlap=false");
                    SimHost host = chosen(cluster, seed);
                    int had = host.units().size() - 1;
                    cluster.drain(host, true).pass(6);
                    assertOnlyGlobal(cluster, host);
                    assertThat(cluster.gapsSeen()).as(cluster::story).isEqualTo(had);
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(had);
                    cluster.settle().checkSettled();
                });
    }

    @Test
    void unitsGoOnWhenTheHostThatTakesThemOverDies() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = chosen(cluster, seed);
                    SimHost heir = cluster.host((int) ((seed + 1) % 4) + 1);
                    var before = List.copyOf(host.units().keySet());
                    cluster.drain(host, true).pass(cluster.pick(400) / 1000.0);
                    // These may have been let go of already.
                    long takenOver = before.stream().filter(heir::runs).count();
                    heir.powerCut();
                    cluster.settle().checkSettled();
                    assertOnlyGlobal(cluster, host);
                    assertThat(cluster.gapsSeen())
                            .as(cluster::story)
                            .isLessThanOrEqualTo((int) takenOver);
                });
    }

    @Test
    void hostThatLeavesHandsOverBeforeItStops() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = chosen(cluster, seed);
                    int had = host.units().size() - 1;
                    host.leave();
                    cluster.pass(8);
                    assertThat(host.hasLeft()).as(cluster::story).isTrue();
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(had);
                    // The global unit stops for good.
                    assertThat(cluster.gapsSeen()).as(cluster::story).isZero();
                });
    }

    @Test
    void unitThatHasRunToItsEndDoesNotHoldUpADrain() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = chosen(cluster, seed);
                    UnitName unit =
                            host.units().keySet().stream()
                                    .filter(u -> !u.value().startsWith("global"))
                                    .findFirst()
                                    .orElseThrow();
                    host.end(unit);
                    cluster.pass(2).drain(host, true).pass(6);
                    assertOnlyGlobal(cluster, host);
                });
    }

    @Test
    void unitsThatBelongTogetherMoveTogether() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(3).pass(5);
                    cluster.launch("main.service").pass(2);
                    cluster.launch("side.service", "MachineOf=main.service");
                    cluster.settle().checkSettled();
                    String home = cluster.runningOn("main.service").getFirst();
                    cluster.mark();
                    SimHost host =
                            cluster.hosts.stream()
                                    .filter(h -> h.id.equals(home))
                                    .findAny()
                                    .orElseThrow();
                    cluster.drain(host, true).pass(6);
                    assertThat(cluster.runningOn("main.service"))
                            .as(cluster::story)
                            .hasSize(1)
                            .doesNotContain(home)
                            .isEqualTo(cluster.runningOn("side.service"));
                    assertThat(cluster.gapsSeen()).as(cluster::story).isZero();
                });
    }

    @Test
    void unitThatFitsNowhereElseStopsAndSaysWhy() {
        var cluster = new Simulation(1).hosts(3).pass(5);
        for (int i = 1; i <= 3; i++) {
            cluster.launch("one" + i + ".service", "Conflicts=one*.service");
        }
        cluster.settle().checkSettled();
        SimHost host = cluster.host(2);
        UnitName unit = host.units().firstKey();
        cluster.drain(host, true).pass(6);
        assertThat(cluster.runningOn(unit.value())).isEmpty();
        assertThat(cluster.snapshot().reasons().get(unit))
                .isInstanceOfSatisfying(
                        PlacementReason.NoMachineFits.class,
                        none -> assertThat(none.describe()).contains("host2 is drained"));
        cluster.drain(host, false).pass(3);
        assertThat(cluster.runningOn(unit.value())).isEqualTo(List.of("host2"));
    }

    @Test
    void unitThatIsStoppedWhileItMovesRunsNowhere() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = chosen(cluster, seed);
                    UnitName unit =
                            host.units().keySet().stream()
                                    .filter(u -> !u.value().startsWith("global"))
                                    .findFirst()
                                    .orElseThrow();
                    cluster.drain(host, true).pass(cluster.pick(600) / 1000.0);
                    cluster.target(unit.value(), TargetState.LOADED);
                    cluster.settle().checkSettled();
                    assertThat(cluster.runningOn(unit.value())).as(cluster::story).isEmpty();
                });
    }
}
