package io.skerry.node.playground;

import io.skerry.base.process.Command;
import io.skerry.testbed.hosts.HostImage;
import io.skerry.testbed.hosts.PlaygroundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The distribution that this program runs from, and the copy of it that a playground runs. Hosts do
 * not run the original because a build would pull it from under them.
 */
final class Program {
    /** The unit that runs the node on a host. */
    static final String UNIT = "skerry.service";

    private static final String COPY = "program";

    /** Two hundred megabytes on a busy disk. */
    private static final Duration COPY_LIMIT = Duration.ofMinutes(5);

    private Program() {}

    /** What the hosts of a playground see: their copy of the program and the JDK that runs us. */
    static HostImage image(Path playground) {
        String launcher = HostImage.PROGRAM_MOUNT + "/skerry";
        return new HostImage(
                playground.resolve(COPY),
                jdk(),
                Map.of("/usr/local/bin/skerry", launcher, "/usr/local/bin/fleetctl", launcher),
                List.of(UNIT));
    }

    static Path jdk() {
        return Path.of(System.getProperty("java.home"));
    }

    /**
     * The folder with {@code skerry} and {@code lib} that this process was started from, as the
     * launcher tells: classes of a start-up cache do not know where they came from.
     */
    static Path distribution() throws IOException {
        String launcher = System.getProperty("skerry.launcher", "");
        Path distribution = launcher.isEmpty() ? null : Path.of(launcher).getParent();
        if (distribution == null) {
            throw new PlaygroundException(
                    "this program was not started by its launcher: call ./skerry");
        }
        return distribution;
    }

    /** Copies the distribution for the hosts. None of them may run. */
    static void copyFor(Path playground) throws IOException, InterruptedException {
        Path copy = playground.resolve(COPY);
        Command.of("rm", "-rf", copy.toString()).timeout(COPY_LIMIT).check();
        // Times are kept: the start-up cache is valid only for files of the same age.
        Command.of("cp", "-a", "--reflink=auto", distribution().toString(), copy.toString())
                .timeout(COPY_LIMIT)
                .check();
    }

    static boolean isCopiedFor(Path playground) {
        return Files.isDirectory(playground.resolve(COPY));
    }

    /** The class path of the playground's copy of this program. */
    static String classPath(Path playground) {
        return playground.resolve(COPY).resolve("lib") + "/*";
    }
}
