package io.skerry.fleet.ctl;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** fleet's command line as a process of its own, where ssh and sockets need real streams. */
final class CtlProcess {
    private static final long PATIENCE_SECONDS = 180;

    /** What came of it. */
    record Said(int status, String out, String err) {}

    private CtlProcess() {}

    static void main(String[] args) {
        var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(
                FleetCtl.run(
                        List.of(args),
                        new Surroundings(
                                "fleetctl",
                                "1.2.3",
                                out,
                                err,
                                System.getenv(),
                                Path.of(""),
                                EndpointSource.LOCAL)));
    }

    private static Process start(List<String> words, Map<String, String> environment)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CtlProcess.class.getName()));
        command.addAll(words);
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Sends it SIGTERM once it has written that, and returns when it has ended. */
    static void interrupt(List<String> words, Map<String, String> environment, String awaited)
            throws IOException {
        Process process = start(words, environment);
        var impatience =
                CompletableFuture.runAsync(
                        process::destroyForcibly,
                        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        var written = new StringBuilder();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            while (written.indexOf(awaited) < 0) {
                int next = out.read();
                if (next < 0) {
                    throw new AssertionError(
                            "ended after: "
                                    + written
                                    + new String(
                                            process.getErrorStream().readAllBytes(),
                                            StandardCharsets.UTF_8));
                }
                written.append((char) next);
            }
            process.destroy();
            process.onExit().join();
        } finally {
            impatience.cancel(false);
            process.destroyForcibly();
        }
    }

    /** Runs to the end with some input and with more in its environment. */
    static Said run(String input, List<String> words, Map<String, String> environment)
            throws IOException, InterruptedException {
        Process process = start(words, environment);
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended without reading; what it said tells more.
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(words + " does not end");
        }
        return new Said(
                process.exitValue(),
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
                new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }
}
