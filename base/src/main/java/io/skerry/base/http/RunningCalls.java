package io.skerry.base.http;

import io.skerry.base.log.Log;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The virtual threads of a listener's running handlers, so that closing it ends them. Thread-safe.
 */
final class RunningCalls {
    private static final Log LOG = Log.of(HttpListener.class);

    private final Set<Thread> all = ConcurrentHashMap.newKeySet();
    private final Set<Thread> streaming = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    void start(String name, Runnable body) {
        Thread thread =
                Thread.ofVirtual()
                        .name(name)
                        .unstarted(() -> {
                            try {
                                body.run();
                            } finally {
                                all.remove(Thread.currentThread());
                                streaming.remove(Thread.currentThread());
                            }
                        });
        all.add(thread);
        thread.start();
    }

    /** The calling thread now writes a body that may never end. */
    void streaming() {
        streaming.add(Thread.currentThread());
        if (closing) {
            Thread.currentThread().interrupt();
        }
    }

    void interruptStreams() {
        closing = true;
        streaming.forEach(Thread::interrupt);
    }

    void interruptAll() {
        all.forEach(Thread::interrupt);
    }

    /**
     * A connection that failed before it had a request: a scan, a wrong protocol, a refused client.
     */
    static void broken(Throwable cause) {
        LOG.debug("connection failed", "cause", cause);
    }
}
