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

/**
 * Images and containers on three hosts, with the real containerd and runc; each test goes on from
 * the one before.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ContainersTest {
    private static final String NAME = "containers-" + ProcessHandle.current().pid();
    private static final Cli SKERRY = new Cli(NAME);
    private static final Duration SOON = Duration.ofMinutes(5);

    /** Serves a page, and ends when it is told to. */
    private static final String WEB =
            "mkdir /www; cat /data/page >/www/index.html; trap 'exit 0' TERM;"
                    + " httpd -f -h /www & echo serving; wait";

    @BeforeAll
    static void up() throws Exception {
        boolean root = Command.of("id", "-u").check().stdout().strip().equals("0");
        Assumptions.assumeTrue(root, "virtual hosts need root");
        SKERRY.call("up", "--hosts", "3");
    }

    @AfterAll
    static void down() throws Exception {
        SKERRY.run("down");
    }

    @Test
    @Order(1)
    void imageOfAFolderComesToAllHosts(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), folder.resolve("bin/busybox"));
        Files.writeString(folder.resolve("greeting"), "hello from an image\n");
        String[] build = {"images", "build-from-dir", folder.toString(), "greeter:1"};
        Path archive = folder.resolveSibling("greeter.tar");

        SKERRY.call(
                with(
                        build,
                        "--entrypoint",
                        "/bin/busybox",
                        "--command",
                        "cat",
                        "--command",
                        "/greeting",
                        "--file",
                        archive.toString()));
        SKERRY.call("images", "import", archive.toString());
        Files.delete(archive);

        for (String image : List.of("greeter:1", "busybox", "pause")) {
            SKERRY.awaitLine(SOON, image + " +\\S+ MiB +h1,h2,h3", "images", "list");
        }
        assertThat(SKERRY.run("run", "nosuch").stderr())
                .contains("no image 'nosuch'", "busybox", "greeter:1", "images import");
    }

    @Test
    @Order(2)
    void imageWhoseLayerZstdHasCompressedRuns(@TempDir Path folder) throws Exception {
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.copy(Path.of("/bin/busybox"), root.resolve("busybox"));
        Files.writeString(root.resolve("greeting"), "hello from zstd\n");
        Path plain = folder.resolve("plain.tar");
        SKERRY.call(
                "images",
                "build-from-dir",
                root.toString(),
                "squeezed:1",
                "--entrypoint=/busybox",
                "--command=cat",
                "--command=/greeting",
                "--file=" + plain);
        Path compressed = folder.resolve("compressed.tar");
        ZstdImage.write(plain, compressed, Files.createDirectories(folder.resolve("layout")));

        SKERRY.call("images", "import", compressed.toString());

        SKERRY.awaitLine(SOON, "squeezed:1 +\\S+ MiB +h1,h2,h3", "images", "list");
        assertThat(SKERRY.call("run", "--rm", "squeezed:1")).isEqualTo("hello from zstd");
    }

    @Test
    @Order(2)
    void containerIsRunToItsEndForAUserWhoWaits() throws Exception {
        assertThat(SKERRY.call("run", "--rm", "greeter:1")).isEqualTo("hello from an image");

        var failed = SKERRY.run("run", "--rm", "busybox", "sh", "-c", "echo $$; exit 5");

        assertThat(failed.stdout()).isEqualTo("1\n");
        assertThat(failed.exitCode()).isEqualTo(5);
        assertThat(SKERRY.call("fleet", "list-unit-files")).doesNotContain(".service");
    }

    @Test
    @Order(2)
    void unitThatIsNoContainerOutlivesARunOfItsName(@TempDir Path folder) throws Exception {
        Path unit = folder.resolve("other.service");
        Files.writeString(unit, "[Service]\nExecStart=/bin/sleep infinity\n");
        SKERRY.call("fleet", "submit", unit.toString());

        var refused = SKERRY.run("run", "--rm", "--name", "other", "busybox", "true");

        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.stderr()).contains("there is a unit other.service already");
        assertThat(SKERRY.call("fleet", "list-unit-files")).contains("other.service");
        SKERRY.call("fleet", "destroy", "other.service");
    }

    @Test
    @Order(2)
    void nameOfAContainerThatRunsOnAHostIsThatHostsOwn() throws Exception {
        for (String host : List.of("h1", "h3")) {
            in(
                    host,
                    "skerry",
                    "run",
                    "--name",
                    "probe",
                    "--detach",
                    "busybox",
                    "httpd",
                    "-f",
                    "-p",
                    "8080");
        }

        for (String host : List.of("h1", "h3")) {
            String own = in(host, "skerry", "containers", "ip", "probe");
            assertThat(
                            in(
                                    host, "skerry", "exec", "probe", "ip", "-4", "-o", "addr",
                                    "show", "eth0"))
                    .contains(" " + own + "/");
            assertThat(in(host, "skerry", "exec", "probe", "ping", "-c1", "-W2", own))
                    .contains("0% packet loss");
        }
        SKERRY.awaitLine(SOON, "probe +busybox +h1 +active", "ps");
        SKERRY.awaitLine(SOON, "probe +busybox +h3 +active", "ps");
        assertThat(SKERRY.run("exec", "probe", "true").stderr())
                .contains("probe runs on h1, h3", "probe@h1");
        assertThat(SKERRY.call("exec", "probe@h3", "--", "hostname")).isEqualTo("probe");
        assertThat(SKERRY.run("run", "--name", "probe", "busybox").stderr())
                .contains("there is a container probe on h1 already");
        in(
                "h3",
                "sh",
                "-c",
                "echo FLANNEL_SUBNET=10.99.3.1/29 >/run/new; mv /run/new /run/flannel/subnet.env");
        Waiting.until(
                "an address of the host's new subnet",
                SOON,
                () -> SKERRY.call("containers", "ip", "probe@h3").equals("10.99.3.2"));
        assertThat(SKERRY.call("exec", "probe@h3", "ping", "-c1", "-W9", "10.99.3.1"))
                .contains("0% packet loss");
        in("h3", "rm", "/run/flannel/subnet.env");
        in("h3", "skerry", "stop", "--rm", "probe");
        SKERRY.call("stop", "--rm", "probe");
        assertThat(SKERRY.call("ps")).doesNotContain("probe");
    }

    @Test
    @Order(3)
    void containerHasItsOwnWorldWithinItsLimits() throws Exception {
        in(
                "h2",
                "sh",
                "-c",
                "mkdir -p /srv/data/below; mount -t tmpfs below /srv/data/below;"
                        + " echo the page >/srv/data/page");
        SKERRY.call(
                "run",
                "--name",
                "web",
                "--host",
                "h2",
                "-p",
                "8080:80",
                "-v",
                "/srv/data:/data:ro",
                "--memory",
                "32M",
                "--cpus",
                "0.5",
                "busybox",
                "sh",
                "-c",
                WEB);

        Waiting.until("the log", SOON, () -> SKERRY.call("logs", "web").equals("serving"));
        SKERRY.awaitLine(SOON, "web +busybox +h2 +active +8080:80", "ps");
        String world = "hostname; ls -d /opt /data 2>/dev/null; id -u";
        assertThat(SKERRY.call("exec", "web", "--", "sh", "-c", world)).isEqualTo("web\n/data\n0");
        assertThat(SKERRY.run("exec", "web", "--", "touch", "/data/x", "/data/below/x").stderr())
                .contains("/data/x: Read-only", "/data/below/x: Read-only");
        var greedy =
                SKERRY.run(
                        "exec",
                        "web",
                        "--",
                        "dd",
                        "if=/dev/zero",
                        "of=/dev/null",
                        "bs=200M",
                        "count=1");
        assertThat(greedy.exitCode()).as("killed by the limit").isEqualTo(137);
        String unit = "systemctl status --no-pager 'web@*'; systemctl show -p MemoryMax 'web@*'";
        assertThat(in("h2", "sh", "-c", unit))
                .contains("active (running)", "httpd -f -h /www", "MemoryMax=33554432");
        String client =
                SKERRY.shell("\"$0\" exec web -- sleep 54321 </dev/null >/dev/null 2>&1 & echo $!");
        String sleeper = "pgrep -x -f 'sleep 54321' || true";
        Waiting.until("a command", SOON, () -> !in("h2", "sh", "-c", sleeper).isEmpty());
        Command.of("kill", client).check();
        Waiting.until(
                "its end with its client", SOON, () -> in("h2", "sh", "-c", sleeper).isEmpty());
        String address = SKERRY.call("containers", "ip", "web");
        assertThat(in("h2", "curl", "-sS", address, "127.0.0.1:8080"))
                .isEqualTo("the page\nthe page");
        assertThat(in("h1", "curl", "-sS", "http://10.88.0.12:8080/")).isEqualTo("the page");
    }

    @Test
    @Order(4)
    void nothingIsLeftOfAContainerThatIsStopped() throws Exception {
        SKERRY.call("stop", "--rm", "web");

        Waiting.until(
                "nothing is left",
                SOON,
                () ->
                        in(
                                        "h2",
                                        "sh",
                                        "-c",
                                        "ls /run/netns /run/skerry/containers /run/skerry/runc;"
                                            + " grep rootfs /proc/mounts; nft list table ip"
                                            + " skerry_containers | grep 8080; find /sys/fs/cgroup"
                                            + " -name '*web*.s*'; ctr -a"
                                            + " /run/skerry/containerd/containerd.sock -n skerry"
                                            + " snapshots ls | grep Active; true")
                                .lines()
                                .noneMatch(line -> line.matches(".*(web|rootfs|8080|Active).*")));
    }

    /** A shell as process 1 has no handler for SIGTERM. */
    @Test
    @Order(4)
    void containerThatIsKilledSinceItsTimeIsUpHasNotFailedButOneThatIsKilledOtherwise()
            throws Exception {
        run("stubborn", "--stop-timeout=1", "busybox", "sh", "-c", "while :; do sleep 1; done");
        SKERRY.awaitLine(SOON, "stubborn +busybox +h1 +active", "ps");

        SKERRY.call("stop", "stubborn");

        SKERRY.awaitLine(SOON, "stubborn +busybox +h1 +inactive", "ps");
        assertThat(show("stubborn")).contains("ActiveState=inactive");
        SKERRY.call("stop", "--rm", "stubborn");

        run("victim", "--stop-timeout=1", "busybox", "sleep", "infinity");
        SKERRY.awaitLine(SOON, "victim +busybox +h1 +active", "ps");
        in("h1", "systemctl", "kill", "--signal=KILL", "victim@*");
        SKERRY.awaitLine(SOON, "victim +busybox +h1 +failed", "ps");
        SKERRY.call("stop", "--rm", "victim");

        run("coward", "busybox", "sh", "-c", "exit 137");
        SKERRY.awaitLine(SOON, "coward +busybox +h1 +failed", "ps");
        SKERRY.call("stop", "--rm", "coward");

        run("glutton", "--memory=16M", "busybox", "dd", "if=/dev/zero", "of=/dev/null", "bs=200M");
        SKERRY.awaitLine(SOON, "glutton +busybox +h1 +failed", "ps");
        assertThat(show("glutton")).contains("ActiveState=failed", "ExecMainStatus=9");
        SKERRY.call("stop", "--rm", "glutton");
        assertThat(in("h1", "ls", "/run/skerry")).doesNotContain("stopping");
    }

    /** Some of these end before they have been told to have started, which is no success. */
    private static void run(String name, String... words) throws IOException, InterruptedException {
        String[] first = {"run", "--host", "h1", "--name", name};
        var _ = SKERRY.run(with(first, words));
    }

    private static String show(String container) throws IOException, InterruptedException {
        // By its whole name: systemd forgets units at rest until somebody names them.
        return in(
                "h1",
                "sh",
                "-c",
                "systemctl show " + container + "@$(cut -c1-8 /etc/machine-id).service");
    }

    @Test
    @Order(5)
    void containerIsStartedAgainAfterItsEndAndElsewhereAfterTheEndOfItsHost() throws Exception {
        SKERRY.call("run", "--name", "mover", "--restart", "pause");
        String first = awaitHost("mover");
        String before = mainProcess(first);
        in(first, "systemctl", "kill", "-s", "KILL", "mover.service");
        Waiting.until(
                "another process", SOON, () -> !List.of(before, "0").contains(mainProcess(first)));

        SKERRY.call("host", "kill", first);

        Waiting.until(
                "mover elsewhere",
                SOON,
                () -> host("mover").filter(host -> !host.equals(first)).isPresent());
        assertThat(SKERRY.call("exec", "mover", "--", "sh", "-c", "echo $HOSTNAME"))
                .isEqualTo("mover");
    }

    @Test
    @Order(6)
    void firstConnectionStartsAContainerAndSilenceStopsIt() throws Exception {
        String at = awaitHost("mover");
        SKERRY.call(
                "run",
                "--name",
                "lazy",
                "--host",
                at,
                "--on-demand",
                "--idle",
                "2",
                "-p",
                "8081:80",
                "busybox",
                "sh",
                "-c",
                WEB.replace("cat /data/page", "echo lazy"));
        SKERRY.awaitLine(SOON, "lazy +busybox +" + at + " +inactive +8081 on", "ps");

        assertThat(in(at, "curl", "-sS", "http://127.0.0.1:8081/")).isEqualTo("lazy");

        SKERRY.awaitLine(SOON, "lazy .* inactive ", "ps");
        assertThat(in(at, "curl", "-sS", "http://127.0.0.1:8081/")).isEqualTo("lazy");
        SKERRY.call("stop", "--rm", "lazy");
        assertThat(SKERRY.call("fleet", "list-unit-files")).doesNotContain("lazy");
        // systemd hears that files are gone when the units are already.
        Waiting.until(
                "forgotten by systemd",
                SOON,
                () ->
                        in(at, "sh", "-c", "systemctl list-units --plain 'lazy*'")
                                .contains("0 loaded"));
        failingContainerIsTriedAgainByTheNextConnection(at);
    }

    /** Whoever comes while it fails is turned away, and whoever comes later has it tried again. */
    private static void failingContainerIsTriedAgainByTheNextConnection(String at)
            throws Exception {
        SKERRY.call(
                "run",
                "--name",
                "moody",
                "--host",
                at,
                "--on-demand",
                "-p",
                "8082:80",
                "-v",
                "/run/moody:/moody",
                "busybox",
                "sh",
                "-c",
                "test -e /moody/good || exit 1; " + WEB.replace("cat /data/page", "echo moody"));
        for (int i = 0; i < 2; i++) {
            assertThat(in(at, "sh", "-c", "curl -sS http://127.0.0.1:8082/ 2>&1 || echo away"))
                    .endsWith("away");
        }
        in(at, "touch", "/run/moody/good");
        assertThat(in(at, "curl", "-sS", "http://127.0.0.1:8082/")).isEqualTo("moody");
        SKERRY.call("stop", "--rm", "moody");
    }

    private static String mainProcess(String host) throws IOException, InterruptedException {
        return in(host, "systemctl", "show", "-p", "MainPID", "--value", "mover.service");
    }

    private static String awaitHost(String container) throws InterruptedException {
        return Waiting.untilFound(container + " active", SOON, () -> host(container));
    }

    /** Where the container is active, if it is. */
    private static Optional<String> host(String container)
            throws IOException, InterruptedException {
        return SKERRY.call("ps")
                .lines()
                .map(line -> line.split("\\s+", -1))
                .filter(cells -> cells[0].equals(container) && cells[3].equals("active"))
                .map(cells -> cells[2])
                .findFirst();
    }

    private static String in(String host, String... command)
            throws IOException, InterruptedException {
        return SKERRY.call(with(new String[] {"host", "exec", host, "--"}, command));
    }

    private static String[] with(String[] first, String... more) {
        var words = new java.util.ArrayList<>(List.of(first));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }
}
