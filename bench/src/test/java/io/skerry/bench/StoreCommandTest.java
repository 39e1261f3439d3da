package io.skerry.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class StoreCommandTest {
    private static final Path ETCD = Path.of("/usr/bin/etcd");

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** etcd beside itself: the load, the turns and the cleaning up are the real ones. */
    @Test
    void measuresBothStoresAndLeavesNothingBehind() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(ETCD), "Debian's etcd is not installed");
        Path launcher = original();
        Path data = Files.createDirectory(folder.resolve("data"));
        Path json = folder.resolve("result.json");

        int exit =
                run(
                        launcher,
                        "--quick",
                        "--workload",
                        "all",
                        "--members",
                        "1",
                        "--in-flight",
                        "1,20",
                        "--keys",
                        "1000",
                        "--requests",
                        "300",
                        "--etcd",
                        patient().toString(),
                        "--data-dir",
                        data.toString(),
                        "--json",
                        json.toString());

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("serializable-range", "ratio")
                .contains("delivery p99", "events/s", "longest wait", "restart to read");
        assertThat(Files.readString(json))
                .contains("\"inFlight\" : 20")
                .contains("cpuSecondsPer100k");
        assertThat(data).isEmptyDirectory();
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void measuresThreeMembersAsWell() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(ETCD), "Debian's etcd is not installed");
        Path data = Files.createDirectory(folder.resolve("data"));

        int exit =
                run(
                        original(),
                        "--quick",
                        "--workload",
                        "put,watch-keys",
                        "--members",
                        "3",
                        "--in-flight",
                        "20",
                        "--requests",
                        "300",
                        "--etcd",
                        patient().toString(),
                        "--data-dir",
                        data.toString());

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString()).contains("3       put", "3       watch-keys");
    }

    /** A launcher whose {@code etcd} is the original, too. */
    private Path original() throws IOException {
        return script("shift\nexec " + patient() + " \"$@\"");
    }

    /**
     * The original, which elects no other leader because a busy machine stood still for a second.
     */
    private Path patient() throws IOException {
        return script(
                "patient-etcd",
                "exec " + ETCD + " \"$@\" --heartbeat-interval=500 --election-timeout=5000");
    }

    private Path script(String lines) throws IOException {
        return script("skerry", lines);
    }

    private Path script(String name, String lines) throws IOException {
        Path launcher = folder.resolve(name);
        Files.writeString(launcher, "#!/bin/sh\n" + lines + "\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        return launcher;
    }

    @Test
    void aServerThatDoesNotStartIsToldWithItsLastWords() throws Exception {
        Path launcher = script("echo no store today\nexit 3");
        Path data = Files.createDirectory(folder.resolve("data"));

        int exit = run(launcher, "--etcd", launcher.toString(), "--data-dir", data.toString());

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString()).contains("etcd ended when it should start: no store today");
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void badUseIsRefused() {
        assertThat(run(folder, "--rounds", "0")).isEqualTo(2);
        assertThat(run(folder, "--output", "xml")).isEqualTo(2);
        assertThat(run(folder, "--etcd", "/no/etcd")).isEqualTo(2);
        assertThat(err.toString()).contains("install the package etcd-server");
    }

    private int run(Path launcher, String... arguments) {
        var line =
                new CommandLine(new BenchCommand(launcher))
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err));
        line.getSubcommands()
                .values()
                .forEach(sub -> sub.setOut(line.getOut()).setErr(line.getErr()));
        String[] all = new String[arguments.length + 1];
        all[0] = "store";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int exit = line.execute(all);
        line.getErr().flush();
        return exit;
    }
}
