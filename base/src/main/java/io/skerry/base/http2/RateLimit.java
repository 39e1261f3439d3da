package io.skerry.base.http2;

import java.util.concurrent.TimeUnit;

/** Counts events of one kind in windows of ten seconds. Confined to an event loop. */
final class RateLimit {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int most;
    private long since = System.nanoTime();
    private int count;

    RateLimit(int mostInTenSeconds) {
        this.most = mostInTenSeconds;
    }

    /** Counts one; false if that is one too many. */
    boolean take() {
        if (++count <= most) {
            return true;
        }
        long now = System.nanoTime();
        if (now - since <= WINDOW_NANOS) {
            return false;
        }
        since = now;
        count = 1;
        return true;
    }
}
