package io.skerry.flannel;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Waits for a condition, with a deadline that a busy machine keeps. */
public final class Await {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Await() {}

    /** What a question answers in the end, which may fail for a moment. */
    public static <T> T answer(String what, Callable<T> question) throws Exception {
        var answer = new AtomicReference<T>();
        until(
                what,
                () -> {
                    answer.set(question.call());
                    return true;
                });
        return answer.get();
    }

    /**
     * Returns when the condition holds; fails with what was waited for when the time is over. A
     * question that fails counts as no: a file may be away for a moment.
     */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            Throwable failure = null;
            try {
                if (condition.call()) {
                    return;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | AssertionError e) {
                failure = e;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(
                        "not within " + LIMIT.toSeconds() + " s: " + what, failure);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
