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

class FleetCommandTest {
    private static final Path ETCD = Path.of("/usr/bin/etcd");

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void placesUnitsOnSimulatedHostsOverTheOriginalsStore() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(ETCD), "Debian's etcd is not installed");

        int exit = run("--hosts", "5", "--units", "20", "--samples", "3", "--idle", "1");

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains(
                        "submit 20 units",
                        "place them and have them active on 5 hosts",
                        "engine's decision after one event, median",
                        "start-up of the engine with that state");
    }

    @Test
    void badUseIsRefused() throws Exception {
        assertThat(run("--hosts", "0")).isEqualTo(2);
        assertThat(run("--units", "-1")).isEqualTo(2);
        assertThat(run("--samples", "0")).isEqualTo(2);
        assertThat(run("--idle", "0")).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "--hosts 0 is less than 1",
                        "--units -1 is less than 1",
                        "--samples 0 is less than 1",
                        "--idle 0 is less than 1");
    }

    private int run(String... arguments) throws IOException {
        Path launcher = folder.resolve("skerry");
        Files.writeString(launcher, "#!/bin/sh\nshift\nexec " + ETCD + " \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        var line = new CommandLine(new BenchCommand(launcher));
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        line.getSubcommands()
                .values()
                .forEach(sub -> sub.setOut(line.getOut()).setErr(line.getErr()));
        String[] all = new String[arguments.length + 1];
        all[0] = "fleet";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int exit = line.execute(all);
        line.getErr().flush();
        return exit;
    }
}
