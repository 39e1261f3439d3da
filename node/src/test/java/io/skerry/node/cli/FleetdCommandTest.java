package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says of options before anything runs. */
class FleetdCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir Path directory;

    @Test
    void everyOptionIsAFlagInTheOriginalsSpellingAndInOurs() {
        assertThat(run("fleetd", "--help")).isZero();

        assertThat(out.toString())
                .contains("-agent_ttl, --agent_ttl, --agent-ttl=VALUE")
                .contains("--disable_engine")
                .doesNotContain("engine_reconcile_interval");
    }

    @Test
    void flagWinsOverTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("fleet.conf"), "agent_ttl=20s\n");

        assertThat(run("fleetd", "-config", file.toString(), "-agent_ttl", "1s")).isEqualTo(2);

        assertThat(err.toString()).contains("--agent_ttl is \"1s\" and must be a time like 30s");
    }

    @Test
    void wrongFileIsNoWrongCommandLine() throws Exception {
        Path file = Files.writeString(directory.resolve("fleet.conf"), "agent_ttl=1s\n");
        Path absent = directory.resolve("absent");

        assertThat(run("fleetd", "--config", file.toString())).isEqualTo(1);
        assertThat(run("fleetd", "--tokens_file", absent.toString())).isEqualTo(2);

        assertThat(err.toString())
                .contains("fleet.conf:1: agent_ttl is \"1s\" and must be a time like 30s")
                .contains("--tokens_file: " + absent + ": no such file or directory");
    }

    @Test
    void optionWithNothingToSetIsRefusedAsAFlagToo() {
        assertThat(run("fleetd", "--engine-reconcile-interval=5")).isEqualTo(2);
        assertThat(run("fleetd", "--disable_watches")).isEqualTo(2);

        assertThat(err.toString())
                .contains("--engine_reconcile_interval is \"5\" and must be 2: the engine acts on")
                .contains("--disable_watches is \"true\" and must be false: everything is driven");
    }

    @Test
    void versionIsToldWithoutAStore() {
        assertThat(run("fleetd", "--version")).isZero();

        assertThat(out.toString()).startsWith("fleetd version ");
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
