package io.skerry.etcd.server.consensus;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Lets threads wait until what they are told of has made a condition true. Thread-safe. */
final class News {
    /** Counts; guarded by this. */
    private long told;

    /** Something has changed that others may wait for. */
    synchronized void tell() {
        told++;
        notifyAll();
    }

    /**
     * Looks at a condition now and after each news, without holding a lock.
     *
     * @return false if it did not become true in time
     */
    boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        while (true) {
            long seen = seen();
            if (condition.getAsBoolean()) {
                return true;
            }
            if (!awaitNext(seen, until - System.nanoTime())) {
                return false;
            }
        }
    }

    /** What has been told so far, for {@link #awaitNext}. */
    synchronized long seen() {
        return told;
    }

    /**
     * Waits for news after those that were seen.
     *
     * @return false if none came in time
     */
    synchronized boolean awaitNext(long seen, long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        while (told == seen) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            // Rounded up, or the last part of a millisecond would be spent looking.
            TimeUnit.NANOSECONDS.timedWait(this, left + 999_999);
        }
        return true;
    }
}
