package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.systemd.unit.UnitFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What users do to units with the command line. */
@OnCluster
final class UnitsTest {
    private final Cluster cluster;

    UnitsTest(Cluster cluster) {
        this.cluster = cluster;
    }

    // ---- submit, load, start: done, undone, done twice

    @Test
    void nineUnitsAreSubmitted() throws Exception {
        cluster.fleet(words("submit", services(9)));

        assertThat(states()).hasSize(9).allMatch(line -> line.endsWith("inactive inactive"));
        assertThat(cluster.units()).isEmpty();
    }

    @Test
    void nineSubmittedUnitsAreDestroyed() throws Exception {
        List<String> units = services(9);
        cluster.fleet(words("submit", units));

        assertThat(cluster.fleet(words("destroy", units)))
                .contains("Destroyed u1.service", "Destroyed u9.service");

        assertThat(states()).isEmpty();
    }

    @Test
    void submittingNineUnitsTwiceChangesNothing() throws Exception {
        List<String> units = services(9);
        cluster.fleet(words("submit", units));

        cluster.fleet(words("submit", units));

        assertThat(states()).hasSize(9);
    }

    @Test
    void sixUnitsAreLoaded() throws Exception {
        cluster.fleet(words("load", services(6)));

        assertThat(states()).hasSize(6).allMatch(line -> line.endsWith("loaded loaded"));
        awaitSixAtRest();
    }

    private void awaitSixAtRest() throws InterruptedException {
        cluster.await(
                "known to systemd and at rest",
                () ->
                        cluster.units().size() == 6
                                && cluster.units().stream()
                                        .allMatch(line -> line.sub().equals("dead")));
    }

    @Test
    void sixLoadedUnitsAreUnloaded() throws Exception {
        List<String> units = services(6);
        cluster.fleet(words("load", units));

        cluster.fleet(words("unload", units));

        assertThat(states()).hasSize(6).allMatch(line -> line.endsWith("inactive inactive"));
        cluster.await("forgotten by systemd", () -> cluster.units().isEmpty());
    }

    @Test
    void loadingSixUnitsTwiceChangesNothing() throws Exception {
        List<String> units = services(6);
        cluster.fleet(words("load", units));
        awaitSixAtRest();
        var before = cluster.units();

        cluster.fleet(words("load", units));

        assertThat(cluster.units()).isEqualTo(before);
    }

    @Test
    void threeUnitsAreStarted() throws Exception {
        assertThat(cluster.fleet(words("start", services(3))))
                .contains("Unit u1.service launched on", "Unit u3.service launched on");

        assertThat(states()).hasSize(3).allMatch(line -> line.endsWith("launched launched"));
        for (int i = 1; i <= 3; i++) {
            String unit = "u" + i + ".service";
            assertThat(cluster.runsOn(cluster.hostOf(unit), unit)).isTrue();
        }
    }

    @Test
    void threeStartedUnitsAreStopped() throws Exception {
        List<String> units = services(3);
        cluster.fleet(words("start", units));
        String host = cluster.hostOf("u2.service");

        cluster.fleet(words("stop", units));

        assertThat(states()).hasSize(3).allMatch(line -> line.endsWith("loaded loaded"));
        assertThat(cluster.runsOn(host, "u2.service")).isFalse();
    }

    @Test
    void startingThreeUnitsTwiceRestartsNone() throws Exception {
        List<String> units = services(3);
        cluster.fleet(words("start", units));
        String host = cluster.hostOf("u1.service");
        String run = cluster.runOf(host, "u1.service");

        cluster.fleet(words("start", units));

        assertThat(cluster.runOf(host, "u1.service")).isEqualTo(run);
    }

    // ---- replace

    @Test
    void submitReplacesAUnitFile() throws Exception {
        replaced("submit");

        assertThat(cluster.stateOf("changing.service")).isEqualTo("inactive");
    }

    @Test
    void loadReplacesAUnitFile() throws Exception {
        replaced("load");

        cluster.await("the new file known to systemd", () -> description().contains("second"));
    }

    @Test
    void startReplacesAUnitFileAndRunsTheNewOne() throws Exception {
        replaced("start");

        cluster.await("the new file known to systemd", () -> description().contains("second"));
        String host = cluster.hostOf("changing.service");
        assertThat(cluster.in(host, "systemctl", "show", "-p", "ExecStart", "changing.service"))
                .contains("100002");
    }

    private void replaced(String command) throws Exception {
        cluster.write("changing.service", changing("first", 100_001));
        cluster.fleet(command, "changing.service");
        cluster.write("changing.service", changing("second", 100_002));

        var kept = cluster.run(command, "changing.service");
        assertThat(kept.stderr()).contains("differs", "--replace");
        assertThat(cluster.fleet("cat", "changing.service")).contains("first");

        cluster.fleet(command, "--replace", "changing.service");
        assertThat(cluster.fleet("cat", "changing.service")).contains("second");
    }

    private static String changing(String description, int seconds) {
        return "[Unit]\nDescription="
                + description
                + "\n[Service]\nExecStart=/bin/sleep "
                + seconds
                + "\n";
    }

    private String description() throws Exception {
        var lines = cluster.units();
        assertThat(lines).hasSize(1);
        return cluster.in(
                lines.getFirst().host(),
                "systemctl",
                "show",
                "-p",
                "Description",
                "changing.service");
    }

    // ---- the rest

    @Test
    void restartRunsAUnitAnew() throws Exception {
        cluster.writeService("again.service");
        cluster.fleet("start", "again");
        String host = cluster.hostOf("again.service");
        String run = cluster.runOf(host, "again.service");

        cluster.fleet("restart", "again");

        assertThat(cluster.hostOf("again.service")).isEqualTo(host);
        assertThat(cluster.runOf(host, "again.service")).isNotEqualTo(run);
    }

    @Test
    void statusIsWhatSystemctlSays() throws Exception {
        cluster.writeService("told.service");
        cluster.fleet("start", "told");

        // systemd calls it active before the new process has become the command.
        cluster.await(
                "the command",
                () -> cluster.fleet("status", "told").contains("/bin/sleep infinity"));
        assertThat(cluster.fleet("status", "told"))
                .contains("told.service", "Active: active (running)");
    }

    @Test
    void statusOfAUnitThatHasFailedEndsAsSystemctlDoes() throws Exception {
        cluster.writeService("well.service");
        cluster.write("ill.service", "[Service]\nExecStart=/bin/sh -c 'exit 7'\n");
        cluster.fleet("start", "well");
        cluster.fleet("start", "--no-block", "ill");
        cluster.await(
                "its end", () -> cluster.run("status", "ill").stdout().contains("Active: failed"));

        assertThat(cluster.run("status", "ill").exitCode()).isEqualTo(3);
        var both = cluster.run("status", "ill", "well");
        assertThat(both.exitCode()).isEqualTo(3);
        assertThat(both.stdout()).contains("status=7", "well.service", "Active: active (running)");
        assertThat(cluster.run("status", "well").exitCode()).isZero();
    }

    @Test
    void journalIsWhatTheUnitWrote() throws Exception {
        cluster.write(
                "says.service",
                "[Service]\nExecStart=/bin/sh -c 'echo one; echo two; exec sleep infinity'\n");
        cluster.fleet("start", "says");

        cluster.await("its words", () -> cluster.fleet("journal", "says").contains("two"));
        assertThat(cluster.fleet("journal", "--lines=20", "--output=cat", "says").lines())
                .containsSubsequence("one", "two");
    }

    @Test
    void catPrintsTheFileThatWasSubmitted() throws Exception {
        String text =
                """
                [Unit]
                Description=many  words

                [Service]
                ExecStart=/bin/sh -c 'echo "%p"; \\
                  sleep 1'
                ExecStop=-/bin/true
                """;
        cluster.write("shown.service", text);
        cluster.fleet("submit", "shown");

        String printed = cluster.fleet("cat", "shown") + "\n";

        assertThat(UnitFile.parse("shown.service", printed).options())
                .isEqualTo(UnitFile.parse("shown.service", text).options());
    }

    @Test
    void listUnitFilesIsInOrderOfNames() throws Exception {
        var units = new ArrayList<>(services(20));
        var sorted = units.stream().sorted().toList();
        Collections.shuffle(units, new Random(1));

        cluster.fleet(words("submit", units));

        assertThat(
                        cluster.fleet("list-unit-files", "--no-legend", "--fields=unit")
                                .lines()
                                .map(String::strip))
                .containsExactlyElementsOf(sorted);
    }

    private List<String> services(int count) throws Exception {
        var units = new ArrayList<String>();
        for (int i = 1; i <= count; i++) {
            units.add(cluster.writeService("u" + i + ".service"));
        }
        return units;
    }

    private List<String> states() {
        return cluster.files().lines().map(line -> line.strip().replaceAll("\\s+", " ")).toList();
    }

    private static String[] words(String command, List<String> units) {
        var words = new ArrayList<String>();
        words.add(command);
        words.addAll(units);
        return words.toArray(String[]::new);
    }
}
