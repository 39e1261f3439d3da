package io.skerry.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Single misfortunes of a cluster, each for several seeds. */
class FailoverSimulationTest {
    private static final int SEEDS = 25;

    private static Simulation cluster(long seed) {
        return filled(new Simulation(seed));
    }

    private static Simulation filled(Simulation cluster) {
        cluster.hosts(4).pass(5);
        for (int i = 1; i <= 10; i++) {
            cluster.launch("unit" + i + ".service");
        }
        cluster.launch("global1.service", "Global=true");
        cluster.settle().checkSettled();
        return cluster.mark();
    }

    @Test
    void unitsAreSpreadEvenlyAndStartedOnce() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(4).pass(5).mark();
                    for (int i = 1; i <= 12; i++) {
                        cluster.launch("unit" + i + ".service");
                    }
                    cluster.settle().checkSettled();
                    for (SimHost host : cluster.hosts) {
                        assertThat(host.units()).hasSize(3);
                    }
                    assertThat(cluster.startsSeen()).isEqualTo(12);
                });
    }

    @Test
    void unitsOfALostHostRunElsewhereSoonAfterItsLease() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    int lost = (int) (seed % 4) + 1;
                    int had = cluster.host(lost).units().size() - 1;
                    cluster.host(lost).powerCut();
                    cluster.pass(10 + 1.5);
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(had);
                    cluster.settle().checkSettled();
                    assertThat(cluster.startsSeen()).isEqualTo(had);
                    assertThat(cluster.stopsSeen()).isZero();
                });
    }

    @Test
    void restartedAgentKeepsItsUnits() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    for (SimHost host : cluster.hosts) {
                        host.killProcess();
                        cluster.pass(cluster.pick(6));
                        host.startProcess();
                        cluster.pass(cluster.pick(3));
                    }
                    assertNothingHappened(cluster.settle());
                });
    }

    @Test
    void frozenStoreMovesAndStopsNothing() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    cluster.store.freeze();
                    cluster.pass(45);
                    cluster.store.thaw();
                    assertNothingHappened(cluster.settle());
                });
    }

    @Test
    void frozenStoreWhoseLeasesAllEndWhenItThawsMovesAndStopsNothing() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = filled(new Simulation(seed, false));
                    cluster.store.freeze();
                    cluster.pass(45);
                    cluster.store.thaw();
                    assertNothingHappened(cluster.settle());
                });
    }

    @Test
    void cutOffHostStopsItsUnitsBeforeTheyStartElsewhere() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = cluster.host((int) (seed % 4) + 1);
                    int had = host.units().size() - 1;
                    host.cutOff(true);
                    cluster.pass(40);
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(had);
                    assertThat(cluster.stopsSeen()).as(cluster::story).isEqualTo(had);
                    host.cutOff(false);
                    cluster.settle().checkSettled();
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(had);
                });
    }

    @Test
    void restartedAgentOfACutOffHostStillFences() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = cluster.host((int) (seed % 4) + 1);
                    int had = host.units().size() - 1;
                    host.cutOff(true);
                    cluster.pass(cluster.pick(8));
                    host.killProcess();
                    host.startProcess();
                    cluster.pass(30);
                    assertThat(cluster.stopsSeen()).as(cluster::story).isEqualTo(had);
                    host.cutOff(false);
                    cluster.settle().checkSettled();
                });
    }

    @Test
    void unitThatForbidsFencingGoesOnWhileItsHostIsCutOff() {
        var cluster = new Simulation(1).hosts(1).pass(5);
        cluster.launch("pet.service", "Fencing=false").pass(5).mark();
        cluster.host(1).cutOff(true);
        cluster.pass(60);
        assertThat(cluster.runningOn("pet.service")).containsExactly("host1");
        cluster.host(1).cutOff(false);
        cluster.settle().checkSettled();
        assertThat(cluster.startsSeen()).isZero();
    }

    @Test
    void unitOfALostHostThatFitsNowhereElseWaitsForItAndIsNotStoppedByItsReturn() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = cluster.host((int) (seed % 4) + 1);
                    String itsOwn = "MachineID=" + host.id;
                    cluster.launch("pet.service", itsOwn, "Fencing=false")
                            .launch("cat.service", itsOwn)
                            .settle()
                            .mark();
                    host.cutOff(true);
                    cluster.pass(20 + cluster.pick(20));
                    assertThat(cluster.runningOn("pet.service")).containsExactly(host.id);
                    assertThat(cluster.runningOn("cat.service")).as(cluster::story).isEmpty();
                    int stops = cluster.stopsSeen();
                    host.cutOff(false);
                    cluster.settle().checkSettled();
                    assertThat(cluster.stopsSeen()).as(cluster::story).isEqualTo(stops);
                    assertThat(cluster.timesStarted("pet.service")).isZero();
                    assertThat(cluster.timesStarted("cat.service")).isOne();
                });
    }

    @Test
    void shortPartitionDoesNothing() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = cluster.host((int) (seed % 4) + 1);
                    host.cutOff(true);
                    cluster.pass(4);
                    host.cutOff(false);
                    assertNothingHappened(cluster.settle());
                });
    }

    @Test
    void leavingHostHandsOverWithinSeconds() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = cluster.host((int) (seed % 4) + 1);
                    int had = host.units().size() - 1;
                    host.leave();
                    cluster.pass(4);
                    assertThat(host.units()).as(cluster::story).isEmpty();
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(had);
                });
    }

    @Test
    void rebootedHostKeepsItsPlacementsWhenItIsBackWithinItsLease() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = cluster(seed);
                    SimHost host = cluster.host((int) (seed % 4) + 1);
                    int had = host.units().size();
                    host.powerCut();
                    cluster.pass(3);
                    host.powerOn();
                    cluster.settle().checkSettled();
                    assertThat(cluster.moves()).as(cluster::story).isEmpty();
                    assertThat(cluster.startsSeen()).isEqualTo(had);
                });
    }

    private static void assertNothingHappened(Simulation cluster) {
        cluster.checkSettled();
        assertThat(cluster.moves()).as(cluster::story).isEmpty();
        assertThat(cluster.stopsSeen()).as(cluster::story).isZero();
        assertThat(cluster.startsSeen()).as(cluster::story).isZero();
    }
}
