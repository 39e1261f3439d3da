package io.skerry.testbed.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The built program, called for one playground as a user calls it. */
public final class Cli {
    private static final Path LAUNCHER = distribution().resolve("skerry");
    private static final Duration LONGEST = Duration.ofMinutes(4);

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

    /** Runs a command that must succeed; gives its output. */
    public String call(String... words) throws IOException, InterruptedException {
        Finished done = run(words);
        assertThat(done.exitCode()).as(String.join(" ", words) + ": " + done.stderr()).isZero();
        return done.stdout().strip();
    }

    /** Runs a line of shell with the environment that {@code env} prints. */
    public String shell(String line) throws IOException, InterruptedException {
        String script = "eval \"$(\"$0\" --playground \"$1\" env)\"; " + line;
        return Command.of("bash", "-c", script, LAUNCHER.toString(), playground)
                .check()
                .stdout()
                .strip();
    }

    /** Asks again until the answer is true. */
    public static void await(String what, Duration limit, Callable<Boolean> condition)
            throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime() - end).as(what + " within " + limit).isNegative();
            Thread.sleep(Duration.ofMillis(100));
        }
    }
}
