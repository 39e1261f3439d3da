package io.skerry.etcd.server.consensus;

import io.skerry.base.log.Log;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The end of a member that was removed from its cluster: once, and a moment after it is known, for
 * peers may have answers for it on their way, and the leader something to finish. Thread-safe.
 */
final class Parting {
    private static final Log LOG = Log.of(Parting.class);
    private static final long PARTING_MILLIS = 1500;

    private final ScheduledExecutorService timer;
    private final Runnable end;
    private final AtomicBoolean begun = new AtomicBoolean();

    Parting(ScheduledExecutorService timer, Runnable end) {
        this.timer = timer;
        this.end = end;
    }

    void begin() {
        if (begun.compareAndSet(false, true)) {
            try {
                var _ = timer.schedule(end, PARTING_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("this member is being stopped already");
            }
        }
    }
}
