package io.skerry.bench;

import io.skerry.base.file.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Takes away what a benchmark made, the latest first: when its command is through, or when a signal
 * ends the program. Any thread may call it; whoever comes first does it, and others wait.
 */
final class CleanUp implements AutoCloseable {
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Thread hook = new Thread(this::closeAtExit, "bench-clean-up");
    private boolean closed;

    CleanUp() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Takes one thing away. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /**
     * Has a step taken before all that were added earlier.
     *
     * @throws IOException if everything has been taken away already
     */
    synchronized void add(Step step) throws IOException {
        checkOpen();
        steps.push(step);
    }

    /** A new temporary folder, which goes with all that is in it. */
    synchronized Path folder(String prefix) throws IOException {
        checkOpen();
        Path folder = Files.createTempDirectory(prefix);
        add(() -> FileTree.remove(folder));
        return folder;
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException("the benchmark was ended");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            takeAway();
        } finally {
            forgetHook();
        }
    }

    /** Every step is tried, whatever became of those before. */
    private synchronized void takeAway() throws IOException {
        closed = true;
        if (steps.isEmpty()) {
            return;
        }
        try {
            steps.pop().run();
        } finally {
            takeAway();
        }
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program ends just now; the hook finds nothing left.
        }
    }

    private void closeAtExit() {
        try {
            takeAway();
        } catch (IOException e) {
            System.err.println("skerry: the benchmark left something behind: " + e.getMessage());
        }
    }
}
