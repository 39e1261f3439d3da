package io.skerry.fleet.ctl;

/**
 * Threads of a short command. They are not virtual on purpose: once a virtual thread has waited for
 * a connection, the JVM keeps a thread inside the kernel for them all, and every exit of a process
 * waits 300 ms for such threads.
 */
final class Background {
    private Background() {}

    static Thread start(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).start(work);
    }

    /** A thread that has not begun yet. */
    static Thread unstarted(Runnable work) {
        return Thread.ofPlatform().daemon().name("fleet").unstarted(work);
    }
}
