package io.skerry.systemd.manager;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets callers that want a reload at the same time share one. A reload reads every unit file of the
 * host, so that fifty units started at once must not cost fifty of them. Each caller gets a reload
 * that began after its call, for only that one is sure to see what the caller wrote before.
 */
final class SharedReload {
    interface Reload {
        void run() throws SystemdException;
    }

    private final ReentrantLock turn = new ReentrantLock(true);
    private long begun;
    private long lastSuccess;

    void request(Reload reload) throws SystemdException {
        long sufficient;
        synchronized (this) {
            sufficient = begun + 1;
        }
        turn.lock();
        try {
            long number;
            synchronized (this) {
                if (lastSuccess >= sufficient) {
                    return;
                }
                number = ++begun;
            }
            reload.run();
            synchronized (this) {
                lastSuccess = number;
            }
        } finally {
            turn.unlock();
        }
    }
}
