package io.skerry.bench.net;

import io.skerry.bench.store.BenchException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waiting for what processes do. */
final class Processes {
    private static final long LIMIT_SECONDS = 60;
    private static final long END_SECONDS = 10;

    private Processes() {}

    /** Looks every few milliseconds until something is so. */
    static void await(String what, int pollMillis, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new BenchException("not within " + LIMIT_SECONDS + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(pollMillis);
        }
    }

    /** In good order if it does so soon. */
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().onExit().join();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
