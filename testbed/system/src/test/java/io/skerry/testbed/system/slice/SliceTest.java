package io.skerry.testbed.system.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import io.skerry.testbed.system.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Three hosts, a unit, its log, the death of its host; each test goes on from the one before. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SliceTest {
    private static final String NAME = "slice-" + ProcessHandle.current().pid();
    private static final Cli SKERRY = new Cli(NAME);
    private static final Duration SOON = Duration.ofSeconds(20);

    @BeforeAll
    static void up() throws Exception {
        boolean root = Command.of("id", "-u").check().stdout().strip().equals("0");
        Assumptions.assumeTrue(root, "virtual hosts need root");
        assertThat(SKERRY.call("up", "--hosts", "3"))
                .contains("is up: 3 hosts", "env", "fleet list-machines");
    }

    @AfterAll
    static void down() throws Exception {
        SKERRY.run("down");
    }

    @Test
    @Order(1)
    void upAgainChangesNothing() throws Exception {
        String before = SKERRY.call("host", "list", "-o", "json");

        assertThat(SKERRY.call("up")).contains("nothing to do");
        assertThat(SKERRY.run("up", "--hosts", "2").stderr()).contains("has 3 hosts", "down");

        assertThat(pids(SKERRY.call("host", "list", "-o", "json"))).isEqualTo(pids(before));
    }

    @Test
    @Order(2)
    void statusShowsHostsMembersAndOneLeader() throws Exception {
        String status = SKERRY.call("status", "-o", "json");

        assertThat(status).contains("\"h1\"", "\"h2\"", "\"h3\"");
        assertThat(status.split("\"role\" : \"leader\"", -1)).hasSize(2);
        assertThat(status.split("\"role\" : \"follower\"", -1)).hasSize(3);
    }

    @Test
    @Order(3)
    void clientOfTheOriginalStoreWorksFromTheMachine() throws Exception {
        assertThat(SKERRY.shell("etcdctl member list | wc -l")).isEqualTo("3");
        assertThat(SKERRY.shell("etcdctl put greeting hello")).isEqualTo("OK");
        assertThat(SKERRY.shell("etcdctl get greeting --print-value-only")).isEqualTo("hello");
    }

    @Test
    @Order(4)
    void brokenUnitIsRefusedWithItsLines(@TempDir Path folder) throws Exception {
        Path unit = folder.resolve("broken.service");
        Files.writeString(unit, "[Unit]\nDescription=broken\n[Servic]\nExecStart\n");

        var refused = SKERRY.run("fleet", "submit", unit.toString());

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.stderr()).containsPattern("broken\\.service:[34]");
        assertThat(SKERRY.call("fleet", "list-unit-files", "--no-legend")).isEmpty();
    }

    @Test
    @Order(5)
    void unitRunsAndItsLogIsReadOverTheApi(@TempDir Path folder) throws Exception {
        Path unit = folder.resolve("hello.service");
        Files.writeString(
                unit,
                """
                [Unit]
                Description=says hello
                [Service]
                ExecStart=/bin/sh -c 'while true; do echo hello from the unit; sleep 1; done'
                Restart=always
                """);

        SKERRY.call("fleet", "start", unit.toString());

        assertThat(SKERRY.call("fleet", "list-units"))
                .containsPattern("hello\\.service.*active.*running");
        Cli.await(
                "the unit's log",
                SOON,
                () ->
                        SKERRY.call("fleet", "journal", "hello.service")
                                .contains("hello from the unit"));
        assertThat(SKERRY.call("status")).contains("hello.service");
    }

    @Test
    @Order(6)
    void unitOfAKilledHostRunsElsewhereAndTheStoreAnswers() throws Exception {
        String victim = hostOfUnit();

        SKERRY.call("host", "kill", victim);

        Cli.await("hello.service elsewhere", SOON, () -> !hostOfUnit().equals(victim));
        assertThat(SKERRY.shell("etcdctl get greeting --print-value-only")).isEqualTo("hello");
        assertThat(SKERRY.call("status")).containsPattern(victim + "\\S* +down");

        SKERRY.call("host", "start", victim);
        Cli.await("three machines", SOON, () -> machines() == 3);
        assertThat(SKERRY.call("up")).contains("nothing to do");
    }

    @Test
    @Order(7)
    void hostsAreAddedAsClientsOfTheStore() throws Exception {
        SKERRY.call("up", "--hosts", "4");

        assertThat(machines()).isEqualTo(4);
        assertThat(SKERRY.shell("etcdctl member list | wc -l")).isEqualTo("3");
        assertThat(SKERRY.call("host", "exec", "h4", "--", "hostname")).isEqualTo("h4");
        assertThat(SKERRY.run("host", "exec", "h4", "--", "sh", "-c", "exit 7").exitCode())
                .isEqualTo(7);
    }

    @Test
    @Order(8)
    void dataKeptIsThereTheNextTime() throws Exception {
        SKERRY.call("down", "--keep-data");
        assertThat(leftovers()).isEmpty();

        SKERRY.call("up");

        assertThat(machines()).isEqualTo(4);
        assertThat(SKERRY.shell("etcdctl get greeting --print-value-only")).isEqualTo("hello");
        Cli.await("hello.service again", SOON, () -> !hostOfUnit().isEmpty());
    }

    @Test
    @Order(9)
    void downRemovesEverythingAndMayBeRepeated() throws Exception {
        SKERRY.call("fleet", "destroy", "hello.service");
        assertThat(SKERRY.call("down")).contains("is removed");
        assertThat(SKERRY.call("down")).contains("nothing to do");

        assertThat(leftovers()).isEmpty();
        assertThat(SKERRY.run("status").stderr()).contains("there is no playground");
    }

    /** The machine's id, or its first digits, where the unit is active; empty if it is nowhere. */
    private static String hostOfUnit() throws IOException, InterruptedException {
        String lines =
                SKERRY.call("fleet", "list-units", "--no-legend", "--fields=unit,machine,active");
        for (String line : lines.lines().toList()) {
            List<String> cells = List.of(line.strip().split("\\s+", -1));
            if (cells.getFirst().equals("hello.service") && cells.getLast().equals("active")) {
                return cells.get(1).replaceFirst("/.*", "").replace(".", "");
            }
        }
        return "";
    }

    private static long machines() throws IOException, InterruptedException {
        return SKERRY.call("fleet", "list-machines", "--no-legend").lines().count();
    }

    private static List<String> pids(String json) {
        return json.lines().filter(line -> line.contains("\"pid\"")).toList();
    }

    /** Namespaces, control groups, mounts and processes that carry the playground's name. */
    private static List<String> leftovers() throws IOException, InterruptedException {
        String namespaces = Command.of("ip", "netns", "list").check().stdout();
        String groups = Command.of("find", "/sys/fs/cgroup", "-name", NAME).run().stdout();
        String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
        String processes = Command.of("ps", "ax", "-o", "args").check().stdout();
        return (namespaces + groups + mounts + processes)
                .lines()
                .filter(line -> line.contains(NAME))
                .toList();
    }
}
