package io.skerry.base.http;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes from a thread of its own to a client that is served on an event loop, no faster than the
 * client reads. One thread writes; the rest is called on the loop.
 */
final class PacedWriter {
    private final Executor loop;
    private final BooleanSupplier over;
    private final BooleanSupplier writable;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    // The write that the writing thread waits for.
    private volatile @Nullable CompletableFuture<Void> pending;

    /**
     * @param over whether nothing can be sent any more; asked on the loop
     * @param writable whether the client keeps up; asked on the loop
     */
    PacedWriter(Executor loop, BooleanSupplier over, BooleanSupplier writable) {
        this.loop = loop;
        this.over = over;
        this.writable = writable;
        onClose(this::broken);
    }

    /**
     * Runs a write on the loop and waits until the client has kept up with it.
     *
     * @throws IOException when the client is gone
     */
    void write(Runnable write) throws IOException, InterruptedException {
        var done = new CompletableFuture<Void>();
        pending = done;
        loop.execute(() -> {
            if (over.getAsBoolean()) {
                done.completeExceptionally(new IOException("the client is gone"));
                return;
            }
            write.run();
            if (writable.getAsBoolean()) {
                done.complete(null);
            }
        });
        if (closed.isDone()) {
            broken();
        }
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new IOException("the client is gone", e.getCause());
        }
    }

    /** The client keeps up again. */
    void writable() {
        CompletableFuture<Void> waiting = pending;
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    private void broken() {
        CompletableFuture<Void> waiting = pending;
        if (waiting != null) {
            waiting.completeExceptionally(new IOException("the client is gone"));
        }
    }

    /** All is sent, or the client is gone. */
    void close() {
        closed.complete(null);
    }

    /** Runs when all is sent or the client is gone, at once if that is so already. */
    void onClose(Runnable action) {
        var _ = closed.thenRun(action);
    }
}
