package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpListsEveryCommandWithoutLoadingAny() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString()).contains(SkerryCommand.names());
    }

    @Test
    void unknownCommandNamesTheNearestOne() {
        assertThat(run("versio")).isEqualTo(2);

        assertThat(err.toString()).isEqualTo("skerry: no command versio; did you mean version?\n");
    }

    @Test
    void unknownFlagNamesTheNearestOne() {
        assertThat(run("version", "--hepl")).isEqualTo(2);

        assertThat(err.toString())
                .isEqualTo("skerry version: no flag --hepl; did you mean --help?\n");
    }

    @Test
    void wordLikeNoCommandPointsAtTheHelp() {
        assertThat(run("xyzzy")).isEqualTo(2);

        assertThat(err.toString()).isEqualTo("skerry: no command xyzzy; see skerry --help\n");
    }

    @Test
    void missingCommandIsAUsageError() {
        assertThat(run()).isEqualTo(2);

        assertThat(err.toString()).startsWith("skerry: a command is missing").hasLineCount(1);
    }

    @Test
    void playgroundMayStandBeforeOrAfterTheCommand() {
        assertThat(run("--playground", "version", "version")).isZero();
        assertThat(run("version", "--playground", "other")).isZero();

        assertThat(out.toString()).hasLineCount(2);
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        for (var command : SkerryCommand.values()) {
            out.getBuffer().setLength(0);

            assertThat(run(command.commandName(), "--help")).isZero();

            assertThat(out.toString()).as(command.commandName()).contains("Example");
        }
    }

    @Test
    void completionKnowsEveryCommand() {
        assertThat(run("completion")).isZero();

        assertThat(out.toString()).contains(SkerryCommand.names());
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
