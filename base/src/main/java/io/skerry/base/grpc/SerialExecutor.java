package io.skerry.base.grpc;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Runs actions one after another on virtual threads, none while it is idle. Thread-safe. */
final class SerialExecutor {
    private static final int MARK = 256;

    // All guarded by this.
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean wasFull;
    private @Nullable Runnable onReady;

    synchronized void run(Runnable action) {
        waiting.add(action);
        if (!running) {
            running = true;
            Thread.ofVirtual().name("grpc-in-process").start(this::drain);
        }
    }

    synchronized boolean ready() {
        wasFull |= waiting.size() >= MARK;
        return waiting.size() < MARK;
    }

    synchronized void onReady(Runnable action) {
        onReady = action;
    }

    private void drain() {
        while (true) {
            Runnable next;
            Runnable nowReady = null;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    running = false;
                    return;
                }
                if (wasFull && waiting.size() < MARK) {
                    wasFull = false;
                    nowReady = onReady;
                }
            }
            boolean completed = false;
            try {
                next.run();
                if (nowReady != null) {
                    nowReady.run();
                }
                completed = true;
            } finally {
                if (!completed) {
                    // An action failed with a bug, which the thread reports; the others still run.
                    Thread.ofVirtual().name("grpc-in-process").start(this::drain);
                }
            }
        }
    }
}
