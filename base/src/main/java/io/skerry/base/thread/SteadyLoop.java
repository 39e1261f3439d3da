package io.skerry.base.thread;

import io.skerry.base.log.Log;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A part's work, turn after turn, on the calling thread. A turn that throws what nobody expected is
 * told and taken again after a pause: the part would else be away for good, while everybody goes by
 * what it said last. An {@link Error} is not caught, and ends the process as any other thread's.
 */
public final class SteadyLoop {
    private static final Log LOG = Log.of(SteadyLoop.class);

    /** A fault that comes again at once is not to fill the log. */
    private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(5);

    private SteadyLoop() {}

    /** What is done again and again. */
    @FunctionalInterface
    public interface Turn {
        /** Works once, or for a while; whether to go on. */
        boolean take() throws InterruptedException;
    }

    /** The same where only logs need to know of a fault. */
    public static void run(String part, Turn turn) {
        run(part, turn, _ -> {});
    }

    /**
     * Returns when a turn says so, or when the thread is interrupted.
     *
     * @param part whose loop it is, for people
     * @param failed gets what to tell others of a turn that failed, before the pause
     */
    public static void run(String part, Turn turn, Consumer<String> failed) {
        run(part, turn, failed, PAUSE_AFTER_FAULT);
    }

    static void run(String part, Turn turn, Consumer<String> failed, Duration pause) {
        try {
            while (again(part, turn, failed, pause)) {
                // All is in the condition.
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private static boolean again(String part, Turn turn, Consumer<String> failed, Duration pause)
            throws InterruptedException {
        try {
            return turn.take();
        } catch (RuntimeException e) {
            LOG.error("a fault of this program, beginning anew", "part", part, e);
            failed.accept("a fault of this program: " + e);
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            return true;
        }
    }
}
