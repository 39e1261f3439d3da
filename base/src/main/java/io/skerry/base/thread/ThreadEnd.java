package io.skerry.base.thread;

/** Waits for threads that were told to end. */
public final class ThreadEnd {
    private ThreadEnd() {}

    /**
     * Returns when the thread has ended, also when the caller is interrupted, who finds itself so
     * afterwards. At once in the thread itself, which could wait for its own end for ever.
     */
    public static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
