package io.skerry.etcd.server.consensus.rpc;

import com.alipay.sofa.jraft.core.Scheduler;
import com.alipay.sofa.jraft.core.TimerManager;
import com.alipay.sofa.jraft.util.SPI;
import com.alipay.sofa.jraft.util.timer.RaftTimerFactory;
import com.alipay.sofa.jraft.util.timer.Timeout;
import com.alipay.sofa.jraft.util.timer.Timer;
import com.alipay.sofa.jraft.util.timer.TimerTask;
import io.skerry.base.log.Log;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Timers that sleep until something is due. The library's own wheel wakes every millisecond for
 * each of a member's timers, which an idle host would feel.
 */
@SPI(name = "skerry", priority = 100)
public final class ScheduledTimerFactory implements RaftTimerFactory {
    private static final Log LOG = Log.of(ScheduledTimerFactory.class);

    /** For the library's service loader. */
    public ScheduledTimerFactory() {}

    @Override
    public Timer getElectionTimer(boolean shared, String name) {
        return createTimer(name);
    }

    @Override
    public Timer getVoteTimer(boolean shared, String name) {
        return createTimer(name);
    }

    @Override
    public Timer getStepDownTimer(boolean shared, String name) {
        return createTimer(name);
    }

    @Override
    public Timer getSnapshotTimer(boolean shared, String name) {
        return createTimer(name);
    }

    @Override
    public Scheduler getRaftScheduler(boolean shared, int workers, String name) {
        return createScheduler(workers, name);
    }

    @Override
    public Timer createTimer(String name) {
        return new ScheduledTimer(name);
    }

    @Override
    public Scheduler createScheduler(int workers, String name) {
        return new TimerManager(workers, name);
    }

    private static final class ScheduledTimer implements Timer {
        private final ScheduledThreadPoolExecutor executor;

        ScheduledTimer(String name) {
            executor =
                    new ScheduledThreadPoolExecutor(
                            1, Thread.ofPlatform().daemon().name(name).factory());
            executor.setRemoveOnCancelPolicy(true);
        }

        @Override
        public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
            var timeout = new ScheduledTimeout(this, task);
            try {
                timeout.future = executor.schedule(timeout, delay, unit);
            } catch (RejectedExecutionException e) {
                // Stopped: nothing is due any more.
                timeout.future.cancel(false);
            }
            return timeout;
        }

        @Override
        public Set<Timeout> stop() {
            executor.shutdownNow();
            return Set.of();
        }
    }

    private static final class ScheduledTimeout implements Timeout, Runnable {
        private final Timer timer;
        private final TimerTask task;
        private volatile Future<?> future = new FutureTask<@Nullable Void>(() -> {}, null);
        private volatile boolean expired;

        ScheduledTimeout(Timer timer, TimerTask task) {
            this.timer = timer;
            this.task = task;
        }

        @Override
        public void run() {
            expired = true;
            try {
                task.run(this);
            } catch (Exception e) {
                LOG.error("a timer of the consensus failed", e);
            }
        }

        @Override
        public Timer timer() {
            return timer;
        }

        @Override
        public TimerTask task() {
            return task;
        }

        @Override
        public boolean isExpired() {
            return expired;
        }

        @Override
        public boolean isCancelled() {
            return future.isCancelled();
        }

        @Override
        public boolean cancel() {
            return !expired && future.cancel(false);
        }
    }
}
