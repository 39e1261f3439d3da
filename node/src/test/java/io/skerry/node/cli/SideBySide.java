package io.skerry.node.cli;

import io.skerry.base.process.Command;
import io.skerry.base.process.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Two members alone in their clusters, with the same history: Debian's etcdctl changes and asks
 * one, ours the other.
 */
final class SideBySide implements AutoCloseable {
    static final Path THEIRS = Path.of("/usr/bin/etcdctl");
    private static final Pattern LOGGED =
            Pattern.compile("\\{\"level\":|20\\d\\d-\\d\\d-\\d\\d .* W \\| ");

    /** A number, a size in bytes or a duration. */
    private static final Pattern FIGURE =
            Pattern.compile("(\\d+(\\.\\d+)?( [kMG]?B|[num?]?s|[mh])?)+");

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * A command line. {@code ~} stands for a blank within a word, {@code ''} for an empty word, and
     * {@code LEASE} and {@code MEMBER} for the id that was told of last.
     *
     * @param input what it reads
     * @param variables of its environment
     * @param end what it prints last before it is stopped; null: it ends by itself
     * @param anyOrder what it tells comes in the order of ids, which are random
     * @param figures its numbers differ from one cluster to the other
     * @param refused only the last words of the refusal are compared: etcdctl prints the command's
     *     help and the words once more before them and ends with 1, ours names the nearest command
     *     or flag and ends with 2 if there is none such
     */
    record Step(
            String line,
            String input,
            Map<String, String> variables,
            @Nullable Pattern end,
            boolean anyOrder,
            boolean figures,
            boolean refused) {
        static Step step(String line) {
            return new Step(line, "", Map.of(), null, false, false, false);
        }

        Step stdin(String text) {
            return new Step(line, text, variables, end, anyOrder, figures, refused);
        }

        Step variable(String name, String value) {
            var more = new HashMap<>(variables);
            more.put(name, value);
            return new Step(line, input, Map.copyOf(more), end, anyOrder, figures, refused);
        }

        Step until(String last) {
            var pattern = Pattern.compile(last);
            return new Step(line, input, variables, pattern, anyOrder, figures, refused);
        }

        /** Asked of an endpoint at which nobody listens. */
        Step nobodyThere() {
            return variable("ETCDCTL_ENDPOINTS", "127.0.0.1:1")
                    .variable("ETCDCTL_COMMAND_TIMEOUT", "300ms")
                    .variable("ETCDCTL_DIAL_TIMEOUT", "");
        }

        Step inAnyOrder() {
            return new Step(line, input, variables, end, true, figures, refused);
        }

        Step withFigures() {
            return new Step(line, input, variables, end, anyOrder, true, refused);
        }

        Step mustFail() {
            return new Step(line, input, variables, end, anyOrder, figures, true);
        }

        private List<String> words(Map<String, String> ids) {
            return Arrays.stream(line.split(" ", -1))
                    .map(word -> word.equals("''") ? "" : word.replace('~', ' '))
                    .map(word -> ids.getOrDefault(word, word))
                    .toList();
        }

        private String told(OwnEtcdctl.Said said) {
            if (refused) {
                String last = said.err().strip().lines().reduce("", (_, line) -> line);
                return last.replaceAll("; .*", "") + (said.status() == 0 ? " but well" : "");
            }
            String out = normal(said.out());
            if (figures) {
                out = FIGURE.matcher(out).replaceAll("N").replaceAll("-{2,}", "--");
            }
            if (anyOrder) {
                out =
                        Arrays.stream(out.split("[\",\n]+", -1))
                                .sorted()
                                .collect(Collectors.joining("\n"));
            }
            return "%s%n%s%n= %d".formatted(out, normal(withoutLog(said.err())), said.status());
        }
    }

    /** One of the two: its member, and the ids that it was told of. */
    private static final class Side {
        final OwnMember member;
        final Map<String, String> ids = new HashMap<>();

        Side(OwnMember member) {
            this.member = member;
        }

        Map<String, String> environment(Step step) {
            var environment = OwnEtcdctl.environment(member.url());
            environment.put("ETCDCTL_API", "3");
            environment.putAll(step.variables());
            environment.values().removeIf(String::isEmpty);
            return environment;
        }

        OwnEtcdctl.Said keep(OwnEtcdctl.Said said) {
            keep("LEASE", Pattern.compile("lease ([0-9a-f]+) granted with"), said.out());
            keep("MEMBER", Pattern.compile("(?m)^([0-9a-f]+), started"), said.out());
            keep("OTHER", Pattern.compile("Member +([0-9a-f]+) added"), said.out());
            return said;
        }

        private void keep(String name, Pattern pattern, String out) {
            Matcher matcher = pattern.matcher(out);
            if (matcher.find()) {
                ids.put(name, matcher.group(1));
            }
        }
    }

    private final Path directory;
    private final Side theirs;
    private final Side ours;

    private SideBySide(Path directory, Side theirs, Side ours) {
        this.directory = directory;
        this.theirs = theirs;
        this.ours = ours;
    }

    static SideBySide start(Path directory, String... flags)
            throws IOException, InterruptedException {
        var first = OwnMember.start(directory, flags);
        try {
            return new SideBySide(
                    directory, new Side(first), new Side(OwnMember.start(directory, flags)));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            first.close();
            throw e;
        }
    }

    /** Runs each line by both; fails with the first that they answer differently. */
    void tell(Step... story) throws Exception {
        var differences = new ArrayList<String>();
        for (Step step : story) {
            String expected = step.told(theirs.keep(byTheirs(step)));
            String got = step.told(ours.keep(byOurs(step)));
            if (!got.equals(expected)) {
                differences.add(
                        "$ etcdctl %s%n--- Debian's:%n%s%n--- ours:%n%s%n"
                                .formatted(step.line(), expected, got));
            }
        }
        if (!differences.isEmpty()) {
            throw new AssertionError(
                    "%d of %d command lines differ; the first:%n%s"
                            .formatted(differences.size(), story.length, differences.getFirst()));
        }
    }

    private OwnEtcdctl.Said byOurs(Step step) throws InterruptedException {
        var running = OwnEtcdctl.start(ours.environment(step), step.input(), step.words(ours.ids));
        if (step.end() == null) {
            return running.end();
        }
        running.awaitOut(step.end());
        running.stop().end();
        return new OwnEtcdctl.Said(0, running.out(), "");
    }

    private OwnEtcdctl.Said byTheirs(Step step)
            throws CommandException, IOException, InterruptedException {
        var line = new ArrayList<String>(List.of(THEIRS.toString()));
        line.addAll(step.words(theirs.ids));
        var environment = theirs.environment(step);
        if (step.end() != null) {
            return interrupted(line, environment, step.end());
        }
        var command = Command.of(line).stdin(step.input()).timeout(PATIENCE);
        for (var variable : environment.entrySet()) {
            command = command.environment(variable.getKey(), variable.getValue());
        }
        var done = command.run();
        return new OwnEtcdctl.Said(done.exitCode(), done.stdout(), done.stderr());
    }

    /** Lets it run until it has printed the text. */
    private OwnEtcdctl.Said interrupted(
            List<String> line, Map<String, String> environment, Pattern end)
            throws IOException, InterruptedException {
        var out = Files.createTempFile(directory, "out", "");
        var builder = new ProcessBuilder(line).redirectOutput(out.toFile());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD).environment().putAll(environment);
        Process process = builder.start();
        try {
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (!end.matcher(Files.readString(out)).find()) {
                if (System.nanoTime() - until > 0) {
                    throw new AssertionError(
                            "never printed " + end + " but " + Files.readString(out));
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } finally {
            process.destroy();
            process.onExit().join();
        }
        return new OwnEtcdctl.Said(0, Files.readString(out), "");
    }

    /** What a client logs about its connections and its environment is not compared. */
    private static String withoutLog(String err) {
        return err.lines()
                .filter(line -> !LOGGED.matcher(line).lookingAt())
                .collect(Collectors.joining("\n"));
    }

    /** Without what differs from one cluster to the other. */
    private static String normal(String text) {
        return text.replaceAll("127\\.0\\.0\\.1:\\d{2,}", "HOST")
                .replaceAll("\\b([0-9a-f]{10,16}|\\d{7,20})\\b", "NUMBER")
                .replaceAll("(raft_term\":|\"RaftTerm\" : )\\d+", "$1T")
                .replaceAll("(remaining\\(|\"ttl\":|\"TTL\" : )\\d+", "$1T")
                .replaceAll("(took = )[0-9.a-zµ]+", "$1TIME")
                .replaceAll("[^\\x09\\x0a\\x20-\\x7e]+", "?")
                .replaceAll("(?s)\\n\\?.*", "PROTOBUF")
                .replaceAll("-{10,}", "--")
                .replaceAll(" {2,}", " ")
                .strip();
    }

    @Override
    public void close() {
        theirs.member.close();
        ours.member.close();
    }
}
