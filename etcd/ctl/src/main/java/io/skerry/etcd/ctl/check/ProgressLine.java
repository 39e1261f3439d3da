package io.skerry.etcd.ctl.check;

import io.skerry.etcd.ctl.format.Lines;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A line on standard output that tells how far a check has come, written anew again and again. */
public final class ProgressLine implements AutoCloseable {
    private static final Duration AGAIN = Duration.ofMillis(200);

    private final Lines out;
    private final LongSupplier done;
    private final long all;
    private final long startNanos = System.nanoTime();
    private final Thread thread;

    /**
     * Starts it.
     *
     * @param done how much of all is done
     */
    public ProgressLine(Lines out, LongSupplier done, long all) {
        this.out = out;
        this.done = done;
        this.all = all;
        this.thread = Thread.ofVirtual().start(this::run);
    }

    private void run() {
        try {
            while (true) {
                out.raw(" %s\r".formatted(line()));
                Thread.sleep(AGAIN);
            }
        } catch (InterruptedException e) {
            // The check has ended.
        }
    }

    private String line() {
        long now = Math.min(all, done.getAsLong());
        return "%d / %d  %6.2f%%".formatted(now, all, 100.0 * now / all);
    }

    /** Tells the end, with the time that it took. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long seconds = Math.round((System.nanoTime() - startNanos) / 1e9);
        out.line(" %s %ds".formatted(line(), seconds));
    }
}
