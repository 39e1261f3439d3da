package io.skerry.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The built program, called for one playground as a user calls it. */
public final class Cli {
    private static final Path LAUNCHER = distribution().resolve("skerry");

    /** A machine may be so busy that a whole cluster needs minutes to start. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** What commands say while the store elects a leader, or nobody serves for a moment. */
    private static final List<String> NOT_NOW =
            List.of(
                    "unable to communicate with etcd",
                    "no host answers for the fleet API",
                    "lost the fleet API");

    /** For etcdctl, which gives up after seconds otherwise. */
    private static final String PATIENCE = "60s";

    private final String playground;

    /** For the playground of that name, which need not be up yet. */
    public Cli(String playground) {
        this.playground = playground;
    }

    /** What the build has put together. */
    public static Path distribution() {
        return Path.of("..", "..", "node", "target", "dist").toAbsolutePath().normalize();
    }

    /** Runs a command of the program, whatever comes of it. */
    public Finished run(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(LAUNCHER.toString(), "--playground", playground));
        command.addAll(List.of(words));
        return Command.of(command).timeout(LONGEST).run();
    }

    /**
     * Runs a command that must succeed; gives its output. One that came at a bad moment is given
     * again.
     */
    public String call(String... words) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        Finished done = run(words);
        while (cameAtABadMoment(done) && System.nanoTime() - end < 0) {
            Thread.sleep(PAUSE);
            done = run(words);
        }
        assertThat(done.exitCode()).as(String.join(" ", words) + ": " + done.stderr()).isZero();
        return done.stdout().strip();
    }

    /**
     * Gives a command until its output has what the pattern matches. A host that is busy may not be
     * in an answer, and what it reports comes a little later.
     */
    public void awaitLine(Duration limit, String pattern, String... words)
            throws InterruptedException {
        var line = Pattern.compile(pattern);
        Waiting.until(
                pattern + " in " + String.join(" ", words),
                limit,
                () -> line.matcher(call(words)).find());
    }

    /**
     * Whether a command failed since the store had no leader just then, or nobody served. Giving it
     * again is safe: commands say what shall be.
     */
    public static boolean cameAtABadMoment(Finished done) {
        return !done.succeeded() && NOT_NOW.stream().anyMatch(done.stderr()::contains);
    }

    /** Runs a line of shell with the environment that {@code env} prints, and patience. */
    public String shell(String line) throws IOException, InterruptedException {
        String script = "eval \"$(\"$0\" --playground \"$1\" env)\"; " + line;
        return Command.of("bash", "-c", script, LAUNCHER.toString(), playground)
                .environment("ETCDCTL_DIAL_TIMEOUT", PATIENCE)
                .environment("ETCDCTL_COMMAND_TIMEOUT", PATIENCE)
                .timeout(LONGEST)
                .check()
                .stdout()
                .strip();
    }
}
