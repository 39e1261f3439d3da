package io.skerry.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NetCommandTest {
    private final StringWriter err = new StringWriter();

    @Test
    void badUseIsRefused() {
        assertThat(run("--backends", "vxlan,ipsec")).isEqualTo(2);
        assertThat(run("--rounds", "0")).isEqualTo(2);
        assertThat(run("--seconds", "0")).isEqualTo(2);
        assertThat(run("--peers", "5001")).isEqualTo(2);
        assertThat(run("--output", "xml")).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "backend ipsec is none of vxlan, host-gw, udp",
                        "--rounds 0 is less than 1",
                        "--seconds 0 is less than 1",
                        "--peers 5001 is not within 0 to 5000",
                        "xml is neither table nor json");
    }

    private int run(String... arguments) {
        var line = new CommandLine(new BenchCommand(Path.of("skerry")));
        line.getSubcommands().values().forEach(sub -> sub.setErr(new PrintWriter(err, true)));
        return line.execute(
                Stream.concat(Stream.of("net"), Stream.of(arguments)).toArray(String[]::new));
    }
}
