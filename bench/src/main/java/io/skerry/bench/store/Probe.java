package io.skerry.bench.store;

import io.skerry.bench.load.LoadConnection;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A client that writes all the time, a put every few milliseconds and one at a time, and remembers
 * how long it had to wait.
 */
final class Probe implements AutoCloseable {
    private static final long PAUSE_MILLIS = 5;
    private static final long KEY = 9_999_999_999L;
    private static final double NANOS_A_MILLI = 1e6;

    private final LoadConnection connection;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile boolean closing;
    private volatile long longestNanos;

    private Probe(LoadConnection connection) {
        this.connection = connection;
    }

    static Probe start(InetSocketAddress server) throws IOException {
        var connection = LoadConnection.open(server, 1);
        connection.method(EtcdMethods.PUT.path());
        var probe = new Probe(connection);
        Thread.ofPlatform().daemon().name("probe").start(probe::writeOn);
        return probe;
    }

    private void writeOn() {
        byte[] request = PutRequests.of(KEY);
        try {
            while (!closing) {
                long start = System.nanoTime();
                var _ = connection.call(request);
                longestNanos = Math.max(longestNanos, System.nanoTime() - start);
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            done.complete(null);
        } catch (IOException | InterruptedException e) {
            done.completeExceptionally(e);
        }
    }

    /** Ends it; gives the longest it had to wait, in milliseconds. */
    double end() throws IOException {
        closing = true;
        try {
            done.join();
        } catch (CompletionException e) {
            throw new IOException("the client that writes was refused: " + e.getCause(), e);
        } finally {
            close();
        }
        return longestNanos / NANOS_A_MILLI;
    }

    @Override
    public void close() throws IOException {
        closing = true;
        connection.close();
    }
}
