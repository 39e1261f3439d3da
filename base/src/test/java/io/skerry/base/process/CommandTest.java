package io.skerry.base.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void feedsReadsAndTellsTheExitCode() throws Exception {
        Finished done =
                Command.of("sh", "-c", "cat; echo $NAME >&2; pwd; exit 3")
                        .stdin("in\n")
                        .environment("NAME", "ada")
                        .directory(Path.of("/"))
                        .run();
        assertThat(done.exitCode()).isEqualTo(3);
        assertThat(done.stdout()).isEqualTo("in\n/\n");
        assertThat(done.stderr()).isEqualTo("ada\n");
    }

    @Test
    void failuresNameTheCommandAndWhatItSaid() {
        assertThatThrownBy(() -> Command.of("sh", "-c", "echo no such thing >&2; exit 4").check())
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
                .hasMessageContaining("sh -c")
                .hasMessageContaining("exit code 4: no such thing");
        assertThatThrownBy(() -> Command.of("no-such-program").run())
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("cannot be started");
    }

    @Test
    void killsWhatTakesTooLongWithItsChildren() {
        assertThatThrownBy(() ->
                        Command.of("sh", "-c", "sleep 1000 & sleep 1000")
                                .timeout(Duration.ofMillis(200))
                                .run())
                .hasMessageContaining("did not end within 200 ms");
    }

    @Test
    void outputLargerThanAPipeIsReadWhole() throws Exception {
        assertThat(Command.of("seq", "1", "200000").check().stdout()).endsWith("200000\n");
    }
}
