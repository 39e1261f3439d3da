package io.skerry.etcd.ctl.recipe;

import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.LeaseKeeper;
import io.skerry.etcd.client.LeaseListener;
import io.skerry.etcd.ctl.failure.CtlFailure;
import io.skerry.etcd.ctl.remote.Remote;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A lease that is kept alive while this process has something in the store. Thread-safe.
 *
 * <p>It ends by {@link #close}, which deletes what hangs on the lease, or when the store says that
 * the lease is no more.
 */
public final class Session implements AutoCloseable {
    /** How a session ended. */
    public enum End {
        CLOSED,
        EXPIRED
    }

    private final LeaseKeeper lease;
    private final CompletableFuture<End> end;
    private boolean closed;

    private Session(LeaseKeeper lease, CompletableFuture<End> end) {
        this.lease = lease;
        this.end = end;
    }

    public static Session open(Remote remote, Duration ttl)
            throws CtlFailure, InterruptedException {
        var end = new CompletableFuture<End>();
        EtcdClient client = remote.client();
        LeaseListener listener = () -> end.complete(End.EXPIRED);
        try {
            return new Session(client.keepLease(ttl, listener), end);
        } catch (EtcdException e) {
            throw CtlFailure.error(Remote.words(e));
        }
    }

    long lease() {
        return lease.id().value();
    }

    /**
     * Waits for something else, but no longer than the session lasts; the end if that was first.
     */
    public void awaitOrEnd(CompletableFuture<?> other) throws CtlFailure, InterruptedException {
        try {
            CompletableFuture.anyOf(other, end).get();
        } catch (ExecutionException e) {
            throw CtlFailure.error(String.valueOf(e.getCause()));
        }
        if (end.isDone()) {
            throw ended();
        }
    }

    /** Waits until the session is over: an expired one is a failure. */
    public void awaitEnd() throws CtlFailure, InterruptedException {
        try {
            if (end.get() == End.EXPIRED) {
                throw ended();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the store said that the lease is no more. */
    public boolean expired() {
        return end.getNow(End.CLOSED) == End.EXPIRED;
    }

    static CtlFailure ended() {
        return CtlFailure.error("session expired");
    }

    /** Whoever calls it second waits for the first: the lease is revoked when it returns. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            end.complete(End.CLOSED);
            lease.close();
        }
    }
}
