package io.skerry.flannel.kernel;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A platform thread that lives in a network namespace of {@code ip netns}: what it opens and starts
 * belongs there. For programs that play several hosts; needs root.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final long LIMIT_SECONDS = 120;

    private final ExecutorService thread;

    /** Enters a namespace that is there. */
    public NetworkNamespace(String name) throws Exception {
        this(name, libc -> libc.enterNetworkNamespace("/run/netns/" + name));
    }

    /** Makes one that has no name, and is gone when nothing is in it any more. */
    public static NetworkNamespace unnamed() throws Exception {
        return new NetworkNamespace("unnamed-network", Libc::enterNewNetworkNamespace);
    }

    private interface Entrance {
        void enter(Libc libc) throws IOException;
    }

    private NetworkNamespace(String threadName, Entrance entrance) throws Exception {
        thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name(threadName).factory());
        try {
            on(() -> {
                entrance.enter(new Libc());
                return true;
            });
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Runs in the namespace, for two minutes at most. */
    public <T> T on(Callable<T> action) throws Exception {
        Future<T> result = thread.submit(action);
        try {
            return result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            throw new IOException("not done within " + LIMIT_SECONDS + " s", e);
        } finally {
            result.cancel(true);
        }
    }

    /** Ends the thread; the namespace stays. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
