package io.skerry.node.containers;

import io.skerry.containers.run.ContainerName;
import io.skerry.node.containers.ContainerLog.Line;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container that is run to its end for the user who waits, and of which nothing stays. */
final class ForegroundRun {
    private static final int MOST_LINES = 20_000;

    /** As systemctl status tells how the main process ended. */
    private static final Pattern EXITED =
            Pattern.compile("Main PID: .*code=exited, status=([0-9]+)");

    private static final Pattern KILLED =
            Pattern.compile("Main PID: .*code=(?:killed|dumped), (?:signal|status)=([A-Z0-9]+)");

    private static final int FAILED = 1;
    private static final int KILLED_STATUS = 137;

    private final Cluster cluster;
    private final ContainerName name;
    private final PrintWriter out;
    private final PrintWriter err;
    private final ContainerLog log;

    /** Lines of this run that the user has seen. */
    private final AtomicInteger shown = new AtomicInteger();

    /** What was said while the container was started. */
    private final StringWriter said = new StringWriter();

    ForegroundRun(Cluster cluster, ContainerName name, PrintWriter out, PrintWriter err) {
        this.cluster = cluster;
        this.name = name;
        this.out = out;
        this.err = err;
        this.log = new ContainerLog(cluster, name.value());
    }

    /** Begins what is waited for, and says on the writer what went wrong. */
    @FunctionalInterface
    interface Start {
        int start(PrintWriter said) throws IOException;
    }

    /** The exit status of the container's command. */
    int run(Start start) throws IOException, InterruptedException {
        var end = new Thread(this::destroy, "destroy-container");
        Runtime.getRuntime().addShutdownHook(end);
        try {
            int started = start.start(new PrintWriter(said, true));
            if (!created()) {
                err.print(said);
                if (started == 0) {
                    err.println("skerry: somebody else has created " + name.unit() + " just now");
                }
                return FAILED;
            }
            String state = cluster.container(name.value()).state();
            if (started != 0 && !state.equals("failed")) {
                err.print(said);
                return FAILED;
            }
            return await();
        } finally {
            destroy();
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }

    private int await() throws IOException, InterruptedException {
        Optional<String> run = log.lastRun();
        var follower = Thread.ofVirtual().start(() -> run.ifPresent(this::follow));
        cluster.awaitRest(name.unit());
        follower.interrupt();
        synchronized (shown) {
            List<Line> all =
                    log.last(MOST_LINES).stream()
                            .filter(line -> run.isEmpty() || run.get().equals(line.run()))
                            .toList();
            all.stream().skip(shown.get()).forEach(line -> out.println(line.text()));
            shown.set(Integer.MAX_VALUE);
        }
        out.flush();
        return status();
    }

    private void follow(String run) {
        try {
            log.follow(
                    MOST_LINES,
                    line -> {
                        synchronized (shown) {
                            if (shown.get() == Integer.MAX_VALUE) {
                                return false;
                            }
                            if (line.run().equals(run)) {
                                out.println(line.text());
                                shown.incrementAndGet();
                            }
                            return !out.checkError();
                        }
                    });
        } catch (IOException e) {
            // What this does not show is shown in the end.
        }
    }

    private int status() throws IOException {
        String text;
        try (var response = cluster.get("units/" + name.unit() + "/status", false)) {
            text = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
        Matcher killed = KILLED.matcher(text);
        if (killed.find()) {
            err.println("skerry: container " + name + " was killed by signal " + killed.group(1));
            return KILLED_STATUS;
        }
        Matcher exited = EXITED.matcher(text);
        if (exited.find()) {
            return Integer.parseInt(exited.group(1));
        }
        return text.contains("Active: failed") ? FAILED : 0;
    }

    /** Whether the unit is this run's own, as fleet's "start" tells as soon as it has made it. */
    private boolean created() {
        String line = "Unit " + name.unit() + " inactive";
        return said.toString().lines().anyMatch(line::equals);
    }

    /** Never a unit that somebody else has made under that name. */
    private void destroy() {
        if (!created()) {
            return;
        }
        var nobody = new PrintWriter(Writer.nullWriter());
        var _ = cluster.fleet(nobody, nobody, "destroy", name.unit());
    }
}
