package io.skerry.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource({
        "--memory 64Q, and must be a number of bytes",
        "--memory 1K, at least 16M",
        "--cpus x, is not a number",
        "--cpus -1, --cpus is -1.0 and must be from 0.01 to 1000",
        "-p 99999:80, 99999",
        "-v a, a",
        "-e =v, =v",
        "--stop-timeout 0, --stop-timeout is 0 and must be from 1 to 3600",
        "--idle 5, together with --on-demand",
        "--on-demand, needs exactly one port",
        "--restart --rm, only one can be given",
        "--host h1 --anywhere, mutually exclusive"
    })
    void whatIsWrongOfAContainerIsToldBeforeAClusterIsLookedFor(String flags, String reason) {
        assertThat(run(("--playground none run " + flags + " busybox").split(" "))).isEqualTo(2);

        assertThat(err.toString())
                .startsWith("skerry run: ")
                .contains(reason)
                .doesNotContain("Error:")
                .hasLineCount(1);
    }

    @Test
    void missingFilesAreToldBeforeAClusterIsLookedFor(@TempDir Path folder) {
        var absent = folder.resolve("absent").toString();
        var none = "--playground=none";

        assertThat(run(none, "images", "import", absent)).isEqualTo(1);
        assertThat(run(none, "images", "build-from-dir", absent, "x:1")).isEqualTo(1);

        assertThat(err.toString())
                .contains(absent + " is no file that can be read")
                .contains(absent + " is no folder")
                .hasLineCount(2);
    }

    @Test
    void imageThatOnlyGoesToAFileNeedsNoCluster(@TempDir Path folder) throws Exception {
        var root = Files.createDirectory(folder.resolve("root"));
        Files.writeString(root.resolve("greeting"), "hello\n");
        var archive = folder.resolve("x.tar");

        assertThat(
                        run(
                                "--playground=none",
                                "images",
                                "build-from-dir",
                                root.toString(),
                                "x:1",
                                "--file=" + archive))
                .as(err.toString())
                .isZero();

        assertThat(out.toString()).isEqualTo("Image x:1 is in " + archive + "\n");
        assertThat(archive).isNotEmptyFile();
    }

    @Test
    void fileThatCannotBeUsedIsToldWithTheReason(@TempDir Path folder) throws Exception {
        var file = Files.write(folder.resolve("file"), new byte[] {(byte) 0xff}).toString();
        var absent = folder.resolve("absent").toString();

        assertThat(run("etcd", "--config-file", absent)).isEqualTo(1);
        assertThat(run("etcd", "--config-file", file)).isEqualTo(2);
        assertThat(run("etcd", "--log-outputs", absent + "/x")).isEqualTo(1);
        assertThat(run("node", "--config", file)).isEqualTo(1);
        assertThat(run("pki", "create", "--dir", file + "/x", "--hosts", "a")).isEqualTo(1);
        assertThat(run("flannel", "cni-plugin", "--out", file + "/x")).isEqualTo(1);
        assertThat(run("etcdutl", "snapshot", "status", absent, "-w", "foo")).isEqualTo(2);

        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .contains("--config-file: " + absent, "no such file"),
                        line -> assertThat(line).contains(file + " is not UTF-8"),
                        line ->
                                assertThat(line)
                                        .contains("--log-outputs: " + absent, "No such file"),
                        line -> assertThat(line).contains(file + " is not UTF-8"),
                        line -> assertThat(line).contains("certificates", file),
                        line -> assertThat(line).contains(file, "file exists"),
                        line -> assertThat(line).contains("-w: \"foo\" must be simple, json"));
    }

    @Test
    void urlIsRefusedWithTheFlagThatItWasGivenBy() {
        for (var flag :
                List.of(
                        "--listen-client-urls",
                        "--listen-peer-urls",
                        "--advertise-client-urls",
                        "--listen-metrics-urls")) {
            err.getBuffer().setLength(0);

            assertThat(run("etcd", flag, "ftp://x:1")).isEqualTo(2);

            assertThat(err.toString())
                    .startsWith("skerry etcd: " + flag + ": URL \"ftp://x:1\" must begin with")
                    .hasLineCount(1);
        }
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
