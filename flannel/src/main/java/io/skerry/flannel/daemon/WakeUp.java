package io.skerry.flannel.daemon;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes one thread when there is something to look at; being woken twice is being woken once. */
final class WakeUp {
    private final Semaphore calls = new Semaphore(0);

    /** By any thread. */
    void call() {
        if (calls.availablePermits() == 0) {
            calls.release();
        }
    }

    /** True when called since the last time, false when the time is up. */
    boolean await(Duration limit) throws InterruptedException {
        boolean called = calls.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
        calls.drainPermits();
        return called;
    }
}
