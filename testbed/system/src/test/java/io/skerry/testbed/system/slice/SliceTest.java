package io.skerry.testbed.system.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import io.skerry.testbed.system.Cli;
import io.skerry.testbed.system.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    /** Long for a quiet machine, since a busy one must not make a test fail. */
    private static final Duration SOON = Duration.ofMinutes(5);

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

        awaitNothingToDo();
        assertThat(SKERRY.run("up", "--hosts", "2").stderr()).contains("has 3 hosts", "down");

        assertThat(pids(SKERRY.call("host", "list", "-o", "json"))).isEqualTo(pids(before));
    }

    /** A host that has just come may still be too busy to answer. */
    private static void awaitNothingToDo() throws InterruptedException {
        Waiting.until("nothing to do", SOON, () -> SKERRY.call("up").contains("nothing to do"));
    }

    @Test
    @Order(2)
    void statusShowsHostsMembersAndOneLeader() throws Exception {
        String status =
                Waiting.untilFound(
                        "a leader and two followers",
                        SOON,
                        () ->
                                Optional.of(SKERRY.call("status", "-o", "json"))
                                        .filter(text -> has(text, "leader", 1))
                                        .filter(text -> has(text, "follower", 2)));

        assertThat(status).contains("\"h1\"", "\"h2\"", "\"h3\"");
    }

    private static boolean has(String status, String role, int times) {
        return status.split("\"role\" : \"" + role + "\"", -1).length == times + 1;
    }

    @Test
    @Order(3)
    void clientOfTheOriginalStoreWorksFromTheMachine() throws Exception {
        awaitAnswer("etcdctl member list | wc -l", "3");
        awaitAnswer("etcdctl put greeting hello", "OK");
        awaitAnswer("etcdctl get greeting --print-value-only", "hello");
    }

    /** While it elects a leader, the store may refuse what comes. */
    private static void awaitAnswer(String line, String answer) throws InterruptedException {
        Waiting.until(line, SOON, () -> SKERRY.shell(line).equals(answer));
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

        Waiting.until(
                "its state",
                SOON,
                () ->
                        SKERRY.call("fleet", "list-units")
                                .matches("(?s).*hello\\.service[^\n]*active[^\n]*running.*"));
        Waiting.until(
                "the unit's log",
                SOON,
                () ->
                        SKERRY.call("fleet", "journal", "hello.service")
                                .contains("hello from the unit"));
        Waiting.until(
                "the unit in the status",
                SOON,
                () -> SKERRY.call("status").contains("hello.service"));
    }

    @Test
    @Order(6)
    void unitOfAKilledHostRunsElsewhereAndTheStoreAnswers() throws Exception {
        String victim = hostOfUnit();

        SKERRY.call("host", "kill", victim);

        Waiting.until(
                "hello.service elsewhere",
                SOON,
                () -> whereUnitIs().filter(host -> !host.equals(victim)).isPresent());
        awaitAnswer("etcdctl get greeting --print-value-only", "hello");
        assertThat(SKERRY.call("status")).containsPattern(victim + "\\S* +down");

        SKERRY.call("host", "start", victim);
        Waiting.until("three machines", SOON, () -> machines() == 3);
        awaitNothingToDo();
    }

    @Test
    @Order(7)
    void hostsAreAddedAsClientsOfTheStore() throws Exception {
        SKERRY.call("up", "--hosts", "4");

        Waiting.until("four machines", SOON, () -> machines() == 4);
        awaitAnswer("etcdctl member list | wc -l", "3");
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

        Waiting.until("four machines", SOON, () -> machines() == 4);
        awaitAnswer("etcdctl get greeting --print-value-only", "hello");
        assertThat(hostOfUnit()).isNotEmpty();
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

    /** The machine's id, or its first digits, where the unit is active, awaited. */
    private static String hostOfUnit() throws InterruptedException {
        return Waiting.untilFound("hello.service active", SOON, SliceTest::whereUnitIs);
    }

    private static Optional<String> whereUnitIs() throws IOException, InterruptedException {
        String lines =
                SKERRY.call("fleet", "list-units", "--no-legend", "--fields=unit,machine,active");
        return lines.lines()
                .map(line -> List.of(line.strip().split("\\s+", -1)))
                .filter(cells -> cells.getFirst().equals("hello.service"))
                .filter(cells -> cells.getLast().equals("active"))
                .map(cells -> cells.get(1).replaceFirst("/.*", "").replace(".", ""))
                .findFirst();
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
