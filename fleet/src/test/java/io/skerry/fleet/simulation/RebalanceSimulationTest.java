package io.skerry.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Moves from full hosts to empty ones on demand, for several seeds. */
class RebalanceSimulationTest {
    private static final int SEEDS = 25;

    /** Four hosts of which only two were there when the units were placed. */
    private static Simulation lopsided(long seed, String... options) {
        var cluster = new Simulation(seed).hosts(2).pass(5);
        for (int i = 1; i <= 12; i++) {
            cluster.launch("unit" + i + ".service", options);
        }
        cluster.settle().checkSettled();
        return cluster.hosts(2).settle().mark();
    }

    @Test
    void fewUnitsMoveAndRunOnTheirNewHostsFirst() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = lopsided(seed);
                    assertThat(cluster.rebalance()).as(cluster::story).hasSize(6);
                    cluster.settle().checkSettled();
                    for (SimHost host : cluster.hosts) {
                        assertThat(host.units()).as(cluster::story).hasSize(3);
                    }
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(6);
                    assertThat(cluster.gapsSeen()).as(cluster::story).isZero();
                    assertThat(cluster.rebalance()).as(cluster::story).isEmpty();
                });
    }

    @Test
    void nothingMovesThatMayNotRunTwice() {
        Simulation cluster = lopsided(1, "Overlap=false");
        assertThat(cluster.rebalance()).isEmpty();
    }

    @Test
    void nothingMovesToWhereItDoesNotFit() {
        Simulation cluster = lopsided(1, "MachineMetadata=zone=z1 zone=z2", "CPU=500m");
        // Host 3 is in z0; host 4 in z1.
        assertThat(cluster.rebalance()).hasSize(4).allMatch(move -> move.to().equals("host4"));
        cluster.settle().checkSettled();
        assertThat(cluster.host(3).units()).isEmpty();
        assertThat(cluster.gapsSeen()).isZero();
    }

    @Test
    void unitThatFitsNoLongerStaysWhereItIs() {
        Seeds.each(
                SEEDS,
                seed -> {
                    Simulation cluster = lopsided(seed);
                    cluster.rebalance();
                    cluster.drain(cluster.host(3), true);
                    cluster.host(4).powerCut();
                    cluster.settle().settle().checkSettled();
                    assertThat(cluster.host(3).units()).as(cluster::story).isEmpty();
                });
    }
}
