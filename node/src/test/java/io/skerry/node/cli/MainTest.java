package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

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
        commands(Main.everything(), List.of())
                .forEach(command -> {
                    out.getBuffer().setLength(0);
                    var words = new ArrayList<>(command);
                    words.add("--help");

                    assertThat(run(words.toArray(String[]::new))).isZero();

                    assertThat(out.toString())
                            .as(String.join(" ", command))
                            .containsPattern("Examples?:\\R +\\S")
                            .doesNotContain("${");
                });
    }

    private static Stream<List<String>> commands(CommandLine line, List<String> before) {
        return line.getSubcommands().entrySet().stream()
                .flatMap(command -> {
                    var words = new ArrayList<>(before);
                    words.add(command.getKey());
                    return Stream.concat(Stream.of(words), commands(command.getValue(), words));
                });
    }

    @Test
    void valueOfTheWrongKindIsToldInTheUsersWords() {
        assertThat(run("up", "--hosts", "three")).isEqualTo(2);
        assertThat(run("host", "loss", "h1", "200")).isEqualTo(2);

        assertThat(err.toString())
                .contains("'--hosts': 'three' is not a whole number")
                .contains("PERCENT is 200 and must be from 1 to 100")
                .hasLineCount(2);
    }

    @Test
    void allBehindAnImageOrAContainerIsTheCommandsOwn() {
        assertThat(
                        positionals(
                                "run", "--name", "probe", "-d", "busybox", "httpd", "-f", "-p",
                                "80"))
                .containsExactly("busybox", "httpd", "-f", "-p", "80");
        assertThat(positionals("run", "busybox", "--", "echo", "--name"))
                .containsExactly("busybox", "--", "echo", "--name");
        assertThat(positionals("exec", "-it", "probe", "ping", "-c1", "-W2", "10.77.1.2"))
                .containsExactly("probe", "ping", "-c1", "-W2", "10.77.1.2");
        assertThat(run("run", "--rm", "--detach", "busybox")).isEqualTo(2);
        assertThat(run("run", "--host", "h1", "--anywhere", "busybox")).isEqualTo(2);
        assertThat(err.toString()).contains("--rm", "--detach", "--anywhere").hasLineCount(2);
    }

    private static List<String> positionals(String... words) {
        return Main.everything().parseArgs(words).subcommand().matchedPositionals().stream()
                .flatMap(positional -> positional.originalStringValues().stream())
                .toList();
    }

    @Test
    void completionKnowsEveryCommand() {
        for (String shell : List.of("bash", "zsh", "fish", "powershell")) {
            out.getBuffer().setLength(0);
            assertThat(run("completion", shell)).isZero();
            assertThat(out.toString()).as(shell).contains(SkerryCommand.names());
        }
        assertThat(run("completion", "tcsh")).isEqualTo(2);
        assertThat(err.toString()).contains("bash, zsh, fish, powershell");
    }

    @Test
    void bashCompletesCommandsWithinCommandsBehindFlagsAndTheirValues() throws Exception {
        assertThat(run("completion")).isZero();
        assertThat(completed("--playground lab etcdctl member pro")).isEqualTo("promote");
        assertThat(completed("etcdutl snapshot sa")).isEqualTo("save");
        assertThat(completed("etcdutl snapshot save --dial-")).isEqualTo("--dial-timeout");
        assertThat(completed("etcd --listen-client-u")).isEqualTo("--listen-client-urls");
    }

    private String completed(String line) throws Exception {
        String program =
                "%s%nCOMP_WORDS=(skerry %s); COMP_CWORD=%d; _skerry; echo -n ${COMPREPLY[@]}"
                        .formatted(out, line, line.split(" ", -1).length);
        return Command.of("bash", "-c", program).check().stdout();
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
