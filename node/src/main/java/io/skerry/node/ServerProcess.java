package io.skerry.node;

import io.skerry.base.log.Log;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of a process that serves until it is told to stop. SIGTERM and SIGINT stop it in order;
 * if that takes longer than the limit, the process ends all the same. SIGHUP has a {@link
 * Reloadable} server read its configuration again. A thread that dies of an exception nobody caught
 * takes the process along: what is left would be a half-dead server, and the service manager starts
 * a whole one.
 */
public final class ServerProcess {
    /** Below the time that systemd grants, so that it is us who say what did not stop. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(28);

    /** What a stop may take beside a handover. */
    private static final Duration STOP_WITHOUT_HANDOVER =
            Node.LEAVE_LIMIT.plus(Duration.ofSeconds(3));

    private static final int CRASHED = 70;
    private static final Log LOG = Log.of(ServerProcess.class);

    /** Starts what serves; interrupted when the process is to stop before that is done. */
    @FunctionalInterface
    public interface Starter {
        /**
         * Returns when the server serves.
         *
         * @param fatal to be told why the server cannot go on
         * @return closed when the process is to stop
         */
        AutoCloseable start(Consumer<String> fatal) throws Exception;
    }

    /** A server that can take its configuration anew: SIGHUP then does not end the process. */
    public interface Reloadable {
        /**
         * Reads the configuration again.
         *
         * @throws Exception when the server cannot go on; the process then ends
         */
        void reload() throws Exception;
    }

    /** A server whose work goes on for a while when it is stopped, until others have taken it. */
    public interface HandingOver {
        /** For how long at most, as it is configured now. */
        Duration handover();
    }

    private final ServiceNotice notice;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger status = new AtomicInteger();

    /** Null until it has started. */
    private volatile @Nullable AutoCloseable served;

    /** Null once started: what stops in order must not be interrupted. Guarded by this. */
    private @Nullable Thread starting;

    private ServerProcess(ServiceNotice notice) {
        this.notice = notice;
    }

    /**
     * Serves until a signal comes or the server cannot go on; ends the process then.
     *
     * @return exit status
     * @throws Exception what kept the server from starting
     */
    public static int run(String what, Starter starter) throws Exception {
        var process = new ServerProcess(ServiceNotice.from(System.getenv()));
        process.starting = Thread.currentThread();
        Thread.setDefaultUncaughtExceptionHandler(ServerProcess::crash);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(process::stop));
        try {
            process.serve(what, starter);
            return process.status.get();
        } finally {
            process.stopped.countDown();
        }
    }

    private void serve(String what, Starter starter) throws Exception {
        AutoCloseable server;
        try {
            server = starter.start(this::fail);
            served = server;
            started();
        } catch (Exception e) {
            if (stopping.getCount() == 0) {
                return; // told to stop while starting
            }
            status.set(1);
            throw e;
        }
        if (server instanceof Reloadable reloadable) {
            HangUp.whenTold(() -> reload(reloadable));
        }
        notice.ready("serving");
        LOG.info("serving", "what", what, "pid", ProcessHandle.current().pid());
        stopping.await();
        notice.stopping();
        try {
            server.close();
        } catch (Exception e) {
            status.set(1);
            LOG.error("did not stop cleanly", "what", what, e);
        }
        LOG.info("stopped", "what", what);
    }

    private void reload(Reloadable server) {
        try {
            server.reload();
        } catch (Exception e) {
            LOG.debug("not reloaded", e);
            fail("configuration could not be reloaded: " + e.getMessage());
        }
    }

    private synchronized void started() {
        starting = null;
        if (Thread.interrupted()) {
            LOG.debug("told to stop when just started");
        }
    }

    private void fail(String reason) {
        LOG.error("cannot go on", "reason", reason);
        status.set(1);
        tellToStop();
    }

    private synchronized void tellToStop() {
        stopping.countDown();
        if (starting != null) {
            starting.interrupt();
        }
    }

    /** How long a server may take to stop in order. */
    static Duration stopLimit(@Nullable AutoCloseable server) {
        if (server instanceof HandingOver handingOver) {
            var limit = handingOver.handover().plus(STOP_WITHOUT_HANDOVER);
            return limit.compareTo(STOP_LIMIT) > 0 ? limit : STOP_LIMIT;
        }
        return STOP_LIMIT;
    }

    private void stop() {
        var limit = stopLimit(served);
        tellToStop();
        try {
            if (!stopped.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.error("did not stop in time", "limitSeconds", limit.toSeconds());
                status.set(1);
            }
        } catch (InterruptedException e) {
            status.set(1);
        }
        // Otherwise the JVM ends with the signal's number, which systemd takes for a failure.
        Runtime.getRuntime().halt(status.get());
    }

    private static void crash(Thread thread, Throwable cause) {
        LOG.error("a thread died, ending the process", "thread", thread.getName(), cause);
        Runtime.getRuntime().halt(CRASHED);
    }
}
