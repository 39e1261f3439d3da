package io.skerry.node.playground;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Tells on standard error what is being done: one line that changes on a terminal, a line a step
 * elsewhere. Thread-safe.
 */
final class Progress implements AutoCloseable {
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final long startNanos = System.nanoTime();
    private String current = "";

    Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** Told on the terminal if standard error is one. */
    static Progress on(PrintWriter err) {
        return new Progress(err, isTerminal());
    }

    private static boolean isTerminal() {
        try {
            // Java's own console is about both other streams, and costs more to ask.
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }

    /** What is being done now; the same text again changes nothing. */
    synchronized void step(String text) {
        if (text.equals(current)) {
            return;
        }
        current = text;
        if (terminal) {
            err.print(CLEAR_LINE + text + "…");
            err.flush();
        } else {
            err.println(text);
        }
    }

    /** A line that stays. */
    synchronized void note(String text) {
        if (terminal) {
            err.print(CLEAR_LINE);
        }
        err.println(text);
        current = "";
    }

    /** Another command must end first. */
    void waitingFor(String process) {
        step("Waiting for the skerry command with process id " + process);
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    @Override
    public void close() {
        clear();
    }

    /** Removes the line that changes, before something else is written. */
    synchronized void clear() {
        if (terminal && !current.isEmpty()) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }
}
