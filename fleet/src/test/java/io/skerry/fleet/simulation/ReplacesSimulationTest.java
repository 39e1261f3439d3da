package io.skerry.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.model.PlacementReason;
import io.skerry.systemd.unit.UnitName;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code Replaces=} does to the units named, for several seeds. */
class ReplacesSimulationTest {
    private static final int SEEDS = 25;

    @Test
    void unitTakesThePlaceOfTheOneItReplacesWhichGoesElsewhere() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(3).pass(5);
                    cluster.launch("old.service").pass(3);
                    List<String> place = cluster.runningOn("old.service");
                    cluster.launch("new.service", "Replaces=old.*");
                    cluster.settle().checkSettled();
                    assertThat(cluster.runningOn("new.service"))
                            .as(cluster::story)
                            .isEqualTo(place);
                    assertThat(cluster.runningOn("old.service"))
                            .as(cluster::story)
                            .hasSize(1)
                            .isNotEqualTo(place);
                });
    }

    @Test
    void replacedUnitWithoutAnotherPlaceWaitsAndSaysWhy() {
        var cluster = new Simulation(1).hosts(1).pass(5);
        cluster.launch("old.service").pass(3).launch("new.service", "Replaces=old.service");
        cluster.settle().checkSettled();
        assertThat(cluster.runningOn("old.service")).isEmpty();
        assertThat(cluster.snapshot().reasons().get(new UnitName("old.service")))
                .isInstanceOfSatisfying(
                        PlacementReason.NoMachineFits.class,
                        none ->
                                assertThat(none.describe())
                                        .contains("host1 has new.service, which replaces it"));
        cluster.destroy("new.service").settle().checkSettled();
        assertThat(cluster.runningOn("old.service")).containsExactly("host1");
    }

    @Test
    void ofUnitsThatReplaceEachOtherOneRuns() {
        Seeds.each(
                SEEDS,
                seed -> {
                    var cluster = new Simulation(seed).hosts(3).pass(5);
                    cluster.launch("a.service", "Replaces=b.service");
                    cluster.launch("b.service", "Replaces=c.service");
                    cluster.launch("c.service", "Replaces=a.service");
                    cluster.settle().checkSettled();
                    assertThat(
                                    Stream.of("a.service", "b.service", "c.service")
                                            .flatMap(unit -> cluster.runningOn(unit).stream()))
                            .as(cluster::story)
                            .hasSize(1);
                    assertThat(cluster.startsSeen()).as(cluster::story).isEqualTo(1);
                });
    }
}
