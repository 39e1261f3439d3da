package io.skerry.testbed.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.file.FileTree;
import io.skerry.base.process.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Boots two bare hosts once and does to them all that may be done, then looks for leaks. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // the fields are set before the first test
final class TwoHostsTest {
    private static final PlaygroundName NAME =
            new PlaygroundName("test-" + ProcessHandle.current().pid());

    /** Not in /tmp, where a host has a file system of its own and could not see it anyway. */
    private static final Path FOLDER = Path.of("target", "playgrounds").toAbsolutePath();

    private static Playground playground;
    private static Host h1;
    private static Host h2;

    @BeforeAll
    static void boot() throws Exception {
        boolean root = Command.of("id", "-u").check().stdout().strip().equals("0");
        Assumptions.assumeTrue(root, "virtual hosts need root");
        playground = Playground.open(NAME, new StateDirectory(FOLDER), HostImage.bare());
        playground.grow(2);
        h1 = playground.hosts().get(0);
        h2 = playground.hosts().get(1);
        playground.ensureNetwork();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var booting =
                    threads.invokeAll(
                            playground.hosts().stream()
                                    .<Callable<Host>>map(host ->
                                            () -> {
                                                playground.start(host);
                                                return host;
                                            })
                                    .toList());
            for (var future : booting) {
                future.get();
            }
        }
    }

    @AfterAll
    static void remove() throws Exception {
        if (playground != null) {
            playground.destroy(false);
        }
    }

    @Test
    @Order(1)
    void hostsRunSystemdUnderTheirOwnNamesAndSeeEachOther() throws Exception {
        assertThat(playground.status(h1).state()).isEqualTo(HostState.RUNNING);
        assertThat(in(h1, "cat", "/proc/1/comm")).isEqualTo("systemd");
        assertThat(in(h1, "hostname")).isEqualTo("h1");
        assertThat(in(h2, "cat", "/etc/machine-id")).isEqualTo(h2.machineId());
        assertThat(in(h1, "cat", "/etc/hosts")).contains("10.88.0.12 h2");
        awaitTrue(() -> !in(h1, "journalctl", "-n1", "-o", "cat", "-u", "dbus.service").isEmpty());
        awaitTrue(() -> reaches(h1, h2));
        assertThat(playground.status(h1).memoryBytes()).isPositive();
    }

    @Test
    @Order(2)
    void hostsDoNotSeeTheStateOfThePlayground() throws Exception {
        // Hosts have folders of their own at some places, so the folder may not be there at all.
        String look = "if [ -e \"$0\" ]; then ls -A \"$0\"; fi";
        assertThat(in(h1, "sh", "-c", look, FOLDER.toString())).isEmpty();
    }

    @Test
    @Order(2)
    void startingARunningHostChangesNothing() throws Exception {
        long before = playground.status(h1).pid();

        playground.start(h1);

        assertThat(playground.status(h1).pid()).isEqualTo(before);
    }

    @Test
    @Order(3)
    void filesInstalledAreThereAtOnceAndAfterTheNextBoot() throws Exception {
        playground.install(h2, "/etc/skerry/example", "hello\n", "rw-------");
        assertThat(in(h2, "cat", "/etc/skerry/example")).isEqualTo("hello");
        in(h2, "touch", "/var/lib/host/on-disk", "/root/on-root");

        playground.stop(h2);
        assertThat(playground.status(h2).state()).isEqualTo(HostState.DOWN);
        playground.start(h2);

        assertThat(in(h2, "cat", "/etc/skerry/example")).isEqualTo("hello");
        assertThat(in(h2, "ls", "/var/lib/host/on-disk", "/root/on-root")).contains("on-root");
    }

    @Test
    @Order(4)
    void hostWhosePowerWasCutIsGoneWithAllItsProcessesAndBootsAgain() throws Exception {
        in(h1, "touch", "/var/lib/host/kept");
        in(h1, "systemd-run", "--unit=sleeper", "sleep", "1000");

        playground.kill(h1);

        assertThat(playground.status(h1).state()).isEqualTo(HostState.DOWN);
        assertThat(Cgroups.ofMachine().processes(NAME.cgroup() + "/h1")).isEmpty();
        assertThatThrownBy(() -> playground.run(h1, "true"))
                .isInstanceOf(PlaygroundException.class)
                .hasMessageContaining("host h1 is down");
        playground.start(h1);
        assertThat(in(h1, "ls", "/var/lib/host")).contains("kept");
    }

    @Test
    @Order(5)
    void isolatedHostNeitherHearsNorIsHeardUntilHealed() throws Exception {
        playground.isolate(h1);

        assertThat(playground.status(h1).faults()).containsExactly("isolated");
        assertThat(reaches(h1, h2)).isFalse();
        assertThat(reaches(h2, h1)).isFalse();
        assertThat(neighboursAfterContact(h2)).doesNotContain(h1.mac());

        playground.heal(h1);
        assertThat(playground.status(h1).faults()).isEmpty();
        awaitTrue(() -> reaches(h1, h2));
    }

    @Test
    @Order(6)
    void partitionIsHealedFromEitherEnd() throws Exception {
        playground.partition(h1, h2);
        assertThat(reaches(h1, h2)).isFalse();
        assertThat(playground.status(h2).faults()).containsExactly("cut from h1");

        playground.heal(h2);

        assertThat(playground.status(h1).faults()).isEmpty();
        awaitTrue(() -> reaches(h1, h2));
    }

    @Test
    @Order(7)
    void lossOfEverythingIsADeadCable() throws Exception {
        playground.loss(h2, 100);
        assertThat(reaches(h1, h2)).isFalse();
        playground.heal(h2);
        playground.oneWay(h1, h2);
        assertThat(reaches(h1, h2)).isFalse();
        playground.heal(h1);
        awaitTrue(() -> reaches(h1, h2));
    }

    @Test
    @Order(8)
    void frozenHostRefusesCommandsButAnswersPings() throws Exception {
        playground.freeze(h1);

        assertThat(playground.status(h1).state()).isEqualTo(HostState.FROZEN);
        awaitTrue(() -> reaches(h2, h1));
        assertThatThrownBy(() -> playground.run(h1, "true")).hasMessageContaining("thaw");

        playground.thaw(h1);
        assertThat(playground.status(h1).state()).isEqualTo(HostState.RUNNING);
        awaitTrue(() ->
                playground
                        .run(h1, "systemctl", "is-system-running")
                        .stdout()
                        .strip()
                        .equals("running"));
    }

    @Test
    @Order(9)
    void relayCarriesLoopbackConnectionsToTheHostAndFailsFastWithoutIt() throws Exception {
        String listen = h1.address() + ":2379";
        in(
                h1,
                "systemd-run",
                "--unit=echo",
                "systemd-socket-activate",
                "--accept",
                "--inetd",
                "--listen=" + listen,
                "cat");
        playground.ensureRelay(System.getProperty("java.class.path"));
        assertThat(playground.relayRuns()).isTrue();

        awaitTrue(() -> echo(h1.storePort()).equals("hello"));

        in(h1, "systemctl", "stop", "echo");
        awaitTrue(() -> echo(h1.storePort()).isEmpty());
    }

    @Test
    @Order(10)
    void destroyLeavesNothingEvenWhenTheStateIsLost() throws Exception {
        FileTree.remove(FOLDER.resolve(NAME.value()).resolve("hosts.list"));
        var forgetful = Playground.open(NAME, new StateDirectory(FOLDER), HostImage.bare());
        assertThat(forgetful.hosts()).isEmpty();
        assertThat(forgetful.sweepOrphans()).isTrue();

        playground.destroy(false);

        assertThat(forgetful.hasRemains()).isFalse();
        assertThat(FOLDER.resolve(NAME.value())).doesNotExist();
        assertThat(Command.of("ip", "netns", "list").check().stdout()).doesNotContain(NAME.value());
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(NAME.value());
        assertThat(Command.of("ps", "ax", "-o", "args").check().stdout())
                .doesNotContain("playground " + NAME.value());
    }

    private static String in(Host host, String... command)
            throws IOException, InterruptedException {
        return playground.run(host, command).orThrow().stdout().strip();
    }

    /** Whether packets pass: nobody listens on that port, so an answer is a refusal. */
    private static boolean reaches(Host from, Host to) throws IOException, InterruptedException {
        String connect = "exec 3<>/dev/tcp/" + to.address() + "/9";
        return playground
                .run(from, "timeout", "1", "bash", "-c", connect)
                .stderr()
                .contains("refused");
    }

    private static String neighboursAfterContact(Host host)
            throws IOException, InterruptedException {
        playground.run(host, "ip", "neigh", "flush", "all");
        reaches(host, h1);
        return in(host, "ip", "neigh");
    }

    private static String echo(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2000);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    private static void awaitTrue(Callable<Boolean> condition) throws Exception {
        var deadline = Deadline.in(Duration.ofMinutes(2));
        while (!condition.call()) {
            deadline.pause(Duration.ofMillis(20), () -> "the condition did not become true");
        }
    }
}
