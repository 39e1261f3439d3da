package io.skerry.base.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A command of the operating system: arguments, no shell. Immutable; each {@code with}-like call
 * gives a new one.
 *
 * @param stdin what it reads; empty: nothing
 * @param environment added to this process' own
 * @param timeout after which it is killed with its descendants
 */
public record Command(
        List<String> arguments,
        String stdin,
        Map<String, String> environment,
        @Nullable Path directory,
        Duration timeout) {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_OUTPUT_BYTES = 16 << 20;

    public Command {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least a program");
        }
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    public static Command of(String... arguments) {
        return of(List.of(arguments));
    }

    public static Command of(List<String> arguments) {
        return new Command(arguments, "", Map.of(), null, DEFAULT_TIMEOUT);
    }

    public Command stdin(String text) {
        return new Command(arguments, text, environment, directory, timeout);
    }

    public Command timeout(Duration limit) {
        return new Command(arguments, stdin, environment, directory, limit);
    }

    public Command environment(String name, String value) {
        var more = new HashMap<>(environment);
        more.put(name, value);
        return new Command(arguments, stdin, more, directory, timeout);
    }

    public Command directory(Path path) {
        return new Command(arguments, stdin, environment, path, timeout);
    }

    /**
     * Runs to the end, whatever its exit code.
     *
     * @throws CommandException if it cannot be started or exceeds the timeout or 16 MiB of output
     */
    public Finished run() throws CommandException, InterruptedException {
        Process process = start();
        var stdout = new Capture(process.getInputStream(), "stdout");
        var stderr = new Capture(process.getErrorStream(), "stderr");
        var feeder = Thread.ofVirtual().start(() -> feed(process));
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new CommandException(
                        arguments, -1, "did not end within " + timeout.toMillis() + " ms", null);
            }
            // What the command wrote last may still have to be read, which takes a moment where the
            // machine is busy. A descendant that goes on in the background may hold the pipes open:
            // it is not waited for to its end.
            stdout.finish();
            stderr.finish();
            if (stdout.tooMuch || stderr.tooMuch) {
                throw new CommandException(
                        arguments, -1, "wrote more than " + MAX_OUTPUT_BYTES + " bytes", null);
            }
            return new Finished(arguments, process.exitValue(), stdout.text(), stderr.text());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            feeder.interrupt();
        }
    }

    /** Runs to the end and expects exit code 0. */
    public Finished check() throws CommandException, InterruptedException {
        return run().orThrow();
    }

    private Process start() throws CommandException {
        var builder = new ProcessBuilder(arguments);
        builder.environment().putAll(environment);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new CommandException(arguments, -1, "cannot be started: " + e.getMessage(), e);
        }
    }

    private void feed(Process process) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(stdin.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ignored) {
            // The command ended or closed its input without reading it all; its exit code tells.
        }
    }

    /** Reads a pipe on its own thread so that the command never blocks on a full one. */
    private static final class Capture {
        /** Only who shares the pipe and goes on in the background makes us wait for so long. */
        private static final Duration GRACE = Duration.ofSeconds(10);

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread reader;
        private volatile boolean tooMuch;

        Capture(InputStream in, String name) {
            reader = Thread.ofVirtual().name(name).start(() -> read(in));
        }

        private void read(InputStream in) {
            byte[] buffer = new byte[8192];
            try (in) {
                int n;
                while ((n = in.read(buffer)) >= 0) {
                    synchronized (bytes) {
                        if (bytes.size() + n > MAX_OUTPUT_BYTES) {
                            tooMuch = true;
                            continue;
                        }
                        bytes.write(buffer, 0, n);
                    }
                }
            } catch (IOException ignored) {
                // The pipe broke because the process was killed; what was read stays.
            }
        }

        void finish() throws InterruptedException {
            reader.join(GRACE);
        }

        String text() {
            synchronized (bytes) {
                return bytes.toString(StandardCharsets.UTF_8);
            }
        }
    }
}
