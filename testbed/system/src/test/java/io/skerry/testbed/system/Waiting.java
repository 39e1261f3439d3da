package io.skerry.testbed.system;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Waits for what comes about by itself. */
public final class Waiting {
    private static final Duration TICK = Duration.ofMillis(100);

    private Waiting() {}

    /**
     * Asks again until the answer is true. A question that fails counts as no: while something
     * breaks and heals, not every question has an answer.
     */
    public static void until(String what, Duration limit, Callable<Boolean> condition)
            throws InterruptedException {
        var _ =
                untilFound(
                        what,
                        limit,
                        () -> condition.call() ? Optional.of(true) : Optional.<Boolean>empty());
    }

    /** As {@link #until}, for a question with more than a yes for an answer, which is given. */
    public static <T> T untilFound(String what, Duration limit, Callable<Optional<T>> question)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Throwable failure = null;
            try {
                var answer = question.call();
                if (answer.isPresent()) {
                    return answer.get();
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | AssertionError e) {
                failure = e;
            }
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("not within " + limit + ": " + what, failure);
            }
            Thread.sleep(TICK);
        }
    }
}
