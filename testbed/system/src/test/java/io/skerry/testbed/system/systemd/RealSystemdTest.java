package io.skerry.testbed.system.systemd;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.skerry.base.process.Command;
import io.skerry.systemd.journal.Journal;
import io.skerry.systemd.journal.JournalStream;
import io.skerry.systemd.journal.OutputFormat;
import io.skerry.systemd.manager.DbusSystemdManager;
import io.skerry.systemd.manager.JobResult;
import io.skerry.systemd.manager.SystemdException;
import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.HostImage;
import io.skerry.testbed.hosts.Playground;
import io.skerry.testbed.hosts.PlaygroundName;
import io.skerry.testbed.hosts.StateDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One host for all tests; each test has units and a connection of its own. */
@SuppressWarnings("NullAway.Init") // the fields are set before the first test
final class RealSystemdTest {
    private static final PlaygroundName NAME =
            new PlaygroundName("systemd-" + ProcessHandle.current().pid());
    private static final Path STATE = Path.of("target", "playgrounds").toAbsolutePath();
    private static final Path UNITS = Path.of("/run/fleet/units");
    private static final int MANY = 100;

    /** In seconds; long for a quiet machine, since a busy one must not make a test fail. */
    private static final long PATIENCE = 300;

    private static Playground playground;
    private static Host host;
    private static Path root;

    private DbusSystemdManager systemd;
    private final HeardUnits heard = new HeardUnits();

    @BeforeAll
    static void boot() throws Exception {
        boolean root = Command.of("id", "-u").check().stdout().strip().equals("0");
        Assumptions.assumeTrue(root, "virtual hosts need root");
        playground = Playground.open(NAME, new StateDirectory(STATE), HostImage.bare());
        playground.grow(1);
        host = playground.hosts().getFirst();
        playground.start(host);
        RealSystemdTest.root = playground.processRoot(host).orElseThrow();
        Files.createDirectories(RealSystemdTest.root.resolve(UNITS.toString().substring(1)));
    }

    @AfterAll
    static void remove() throws Exception {
        if (playground != null) {
            playground.destroy(false);
        }
    }

    @BeforeEach
    void connect() throws Exception {
        systemd = DbusSystemdManager.connect(root.resolve("run/dbus/system_bus_socket"));
        systemd.subscribe(heard);
    }

    @AfterEach
    void disconnect() {
        systemd.close();
    }

    @Test
    void aUnitIsLinkedStartedSeenStoppedAndForgotten() throws Exception {
        load(
                "story.service",
                "[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n");
        assertThat(systemd.enableUnitFiles(List.of("story.service"), true, true)).isTrue();
        systemd.reload();
        assertThat(systemd.states(List.of("story.service", "absent.service")))
                .containsEntry("story.service", new UnitState("loaded", "inactive", "dead"))
                .containsEntry("absent.service", UnitState.NOT_LOADED);

        assertThat(systemd.startUnit("story.service").get(PATIENCE, TimeUnit.SECONDS))
                .isEqualTo(JobResult.DONE);

        heard.await("story.service", "active");
        var properties = systemd.properties("story.service");
        assertThat(properties)
                .containsEntry("Id", "story.service")
                .containsEntry("SubState", "running");
        assertThat(String.valueOf(properties.get("MainPID"))).matches("[1-9][0-9]*");
        assertThat(properties.get("WantedBy")).isEqualTo(List.of("multi-user.target"));
        assertThat(systemd.loadedUnits().get("story.service"))
                .isEqualTo(new UnitState("loaded", "active", "running"));

        assertThat(systemd.stopUnit("story.service").get(PATIENCE, TimeUnit.SECONDS))
                .isEqualTo(JobResult.DONE);
        heard.awaitIdle("story.service");
        unload("story.service");
        heard.await("story.service", "removed");
        assertThat(root.resolve("run/systemd/system/story.service")).doesNotExist();
    }

    @Test
    void aFailedUnitIsHeardAndForgottenAfterReset() throws Exception {
        load("fails.service", "[Service]\nExecStart=/bin/false\n");
        assertThat(systemd.startUnit("fails.service").get(PATIENCE, TimeUnit.SECONDS))
                .isEqualTo(JobResult.DONE);
        heard.await("fails.service", "failed");
        assertThat(systemd.properties("fails.service")).containsEntry("Result", "exit-code");

        systemd.resetFailedUnit("fails.service");

        heard.awaitIdle("fails.service");
        unload("fails.service");
    }

    @Test
    void aUnitThatDiesByItselfIsHeardWithoutAsking() throws Exception {
        load("dies.service", "[Service]\nExecStart=/bin/sleep 1000\n");
        systemd.startUnit("dies.service").get(PATIENCE, TimeUnit.SECONDS);
        heard.await("dies.service", "active");

        systemd.killUnit("dies.service", 9);

        heard.await("dies.service", "failed");
        systemd.resetFailedUnit("dies.service");
        unload("dies.service");
    }

    @Test
    void aStartThatSomebodyElseHasQueuedIsFoundAndItsEndHeard() throws Exception {
        load(
                "slow.service",
                """
                [Service]
                Type=oneshot
                ExecStart=/bin/sh -c 'until [ -e /run/go-on ]; do sleep 0.1; done'
                """);
        load(
                "late.service",
                "[Unit]\nAfter=slow.service\n[Service]\nType=oneshot\nExecStart=/bin/true\n");
        var slow = systemd.startUnit("slow.service");
        try (var other = DbusSystemdManager.connect(root.resolve("run/dbus/system_bus_socket"))) {
            var _ = other.startUnit("late.service");
            var found = systemd.queuedStarts(List.of("late.service", "absent.service"));

            assertThat(found).containsOnlyKeys("late.service");
            assertThat(systemd.states(List.of("late.service")).get("late.service"))
                    .isEqualTo(new UnitState("loaded", "inactive", "dead"));
            Files.createFile(root.resolve("run/go-on"));
            assertThat(slow.get(PATIENCE, TimeUnit.SECONDS)).isEqualTo(JobResult.DONE);
            assertThat(requireNonNull(found.get("late.service")).get(PATIENCE, TimeUnit.SECONDS))
                    .isEqualTo(JobResult.DONE);
            assertThat(systemd.queuedStarts(List.of("late.service"))).isEmpty();
        }
        unload("late.service");
        unload("slow.service");
    }

    @Test
    void whyAJobFailedIsTold() throws Exception {
        load("oneshot.service", "[Service]\nType=oneshot\nExecStart=/bin/false\n");
        load(
                "needy.service",
                """
                [Unit]
                Requires=oneshot.service
                After=oneshot.service
                [Service]
                ExecStart=/bin/true
                """);

        assertThat(systemd.startUnit("needy.service").get(PATIENCE, TimeUnit.SECONDS))
                .isEqualTo(JobResult.DEPENDENCY);
        assertThat(systemd.startUnit("oneshot.service").get(PATIENCE, TimeUnit.SECONDS))
                .isEqualTo(JobResult.FAILED);
        awaitLogged(
                Map.of(
                        new UnitName("needy.service"), JobResult.DEPENDENCY,
                        new UnitName("oneshot.service"), JobResult.FAILED));
        systemd.resetFailedUnit("oneshot.service");
        unload("needy.service");
        unload("oneshot.service");
    }

    @Test
    void aRefusalHasSystemdsErrorName() {
        var e =
                catchThrowableOfType(
                        SystemdException.class, () -> systemd.startUnit("absent.service"));

        assertThat(e.errorName()).isEqualTo(SystemdException.NO_SUCH_UNIT);
        assertThat(e.isNoSuchUnit()).isTrue();
        assertThat(e).hasMessage("StartUnit: Unit absent.service not found.");
    }

    @Test
    void aHundredUnitsAtOnce() throws Exception {
        var names = new ArrayList<String>();
        for (int i = 0; i < MANY; i++) {
            names.add("many-" + i + ".service");
        }

        inParallel(
                names,
                name -> {
                    load(name, "[Service]\nExecStart=/bin/sleep 1000\n");
                    assertThat(systemd.startUnit(name).get(PATIENCE, TimeUnit.SECONDS))
                            .isEqualTo(JobResult.DONE);
                });
        for (String name : names) {
            heard.await(name, "active");
        }
        assertThat(systemd.states(names).values()).allMatch(UnitState::isActive).hasSize(MANY);

        inParallel(
                names,
                name ->
                        assertThat(
                                        systemd.stopUnit(name)
                                                .get(PATIENCE, TimeUnit.SECONDS)
                                                .succeeded())
                                .isTrue());
        systemd.disableUnitFiles(names, true);
        systemd.reload();
        for (String name : names) {
            heard.await(name, "removed");
        }
    }

    @Test
    void aLostBusIsToldAndEverythingGoesOnAfterwards() throws Exception {
        load("lasting.service", "[Service]\nType=oneshot\nExecStart=/bin/sleep 1000\n");
        CompletableFuture<JobResult> awaited = systemd.startUnit("lasting.service");
        heard.await("lasting.service", "activating");

        playground.run(host, "systemctl", "kill", "--signal=KILL", "dbus.service");

        heard.awaitLostAndRestored();
        assertThat(awaited).isCompletedExceptionally();
        systemd.stopUnit("lasting.service").get(PATIENCE, TimeUnit.SECONDS);
        heard.await("lasting.service", "failed");
        systemd.resetFailedUnit("lasting.service");
        unload("lasting.service");
    }

    @Test
    void aSystemdThatReplacesItselfIsFollowed() throws Exception {
        load("kept.service", "[Service]\nExecStart=/bin/sleep 1000\n");
        systemd.startUnit("kept.service").get(PATIENCE, TimeUnit.SECONDS);
        heard.await("kept.service", "active");

        playground.run(host, "systemctl", "daemon-reexec");
        playground.run(host, "systemctl", "kill", "--signal=KILL", "kept.service");

        heard.await("kept.service", "failed");
        systemd.resetFailedUnit("kept.service");
        unload("kept.service");
    }

    @Test
    void theJournalOfAUnitIsReadAndFollowed() throws Exception {
        var unit = new UnitName("speaks.service");
        load(
                unit.value(),
                "[Service]\n"
                        + "ExecStart=/bin/sh -c 'for i in 1 2 3; do echo line $$i; done; sleep"
                        + " 1000'\n");
        systemd.startUnit(unit.value()).get(PATIENCE, TimeUnit.SECONDS);
        Journal journal = journal();

        try (JournalStream lines = journal.follow(unit, 10, OutputFormat.CAT)) {
            assertThat(linesUntil(lines, "line 3"))
                    .containsSubsequence("line 1", "line 2", "line 3");
        }
        try (JournalStream lines = journal.read(unit, Journal.ALL_LINES, OutputFormat.CAT)) {
            assertThat(linesUntil(lines, "never said"))
                    .containsSubsequence("line 1", "line 2", "line 3");
        }
        systemd.stopUnit(unit.value()).get(PATIENCE, TimeUnit.SECONDS);
        unload(unit.value());
    }

    private Journal journal() throws Exception {
        return new Journal(List.of("nsenter", "--target", initOfHost(), "--all", "journalctl"));
    }

    /** The journal takes what systemd tells it when it has the time. */
    private void awaitLogged(Map<UnitName, JobResult> starts) throws Exception {
        Journal journal = journal();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (!journal.lastStarts(starts.keySet()).equals(starts)
                && System.nanoTime() < deadline) {
            Thread.sleep(200);
        }
        assertThat(journal.lastStarts(starts.keySet())).isEqualTo(starts);
    }

    private static List<String> linesUntil(JournalStream stream, String last) throws Exception {
        var lines = new ArrayList<String>();
        for (String line = stream.next(); line != null; line = stream.next()) {
            lines.add(line);
            if (line.equals(last)) {
                break;
            }
        }
        return lines;
    }

    private static String initOfHost() {
        return root.getName(1).toString(); // /proc/PID/root
    }

    private void load(String name, String text) throws Exception {
        Path file = UNITS.resolve(name);
        Files.writeString(
                root.resolve(file.toString().substring(1)), UnitFile.parse(name, text).serialize());
        systemd.linkUnitFiles(List.of(file), true, true);
        systemd.reload();
    }

    private void unload(String name) throws Exception {
        systemd.disableUnitFiles(List.of(name), true);
        Files.delete(root.resolve(UNITS.resolve(name).toString().substring(1)));
        systemd.reload();
    }

    private interface Step {
        void with(String name) throws Exception;
    }

    private static void inParallel(List<String> names, Step step) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all =
                    threads.invokeAll(
                            names.stream()
                                    .<Callable<String>>map(name ->
                                            () -> {
                                                step.with(name);
                                                return name;
                                            })
                                    .toList());
            for (var each : all) {
                each.get();
            }
        }
    }
}
