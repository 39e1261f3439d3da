package io.skerry.etcd.client;

import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcInbound;
import io.skerry.base.grpc.GrpcOutbound;
import io.skerry.base.log.Log;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a lease alive: renews it every fifth of its time to live until it is closed, abandoned or
 * lost.
 *
 * <p>While the store is away it tries on for as long as it takes. A lease counts as lost only when
 * the store says so: leases do not expire while the store is away, so what hangs on the lease is
 * not given up for an outage. Who must not act on a lease that may have expired meanwhile compares
 * {@link #lastRenewalSent} with the clock.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final Log LOG = Log.of(LeaseKeeper.class);
    private static final int RENEWALS_PER_TTL = 5;
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 200;

    private final EtcdClient client;
    private final LeaseId id;
    private final Duration ttl;
    private final Duration interval;
    private final LeaseListener listener;
    private final Thread thread;
    private final List<Runnable> whenLost = new CopyOnWriteArrayList<>();
    private final Runnable abandonment = this::abandon;
    private volatile Duration lastRenewalSent;
    private volatile boolean lost;
    private volatile boolean stopped;
    // Confined to the thread.
    private long token;
    private long wornToken = -1;

    private LeaseKeeper(
            EtcdClient client, LeaseId id, Duration ttl, Duration sentAt, LeaseListener listener) {
        this.client = client;
        this.id = id;
        this.ttl = ttl;
        Duration fifth = ttl.dividedBy(RENEWALS_PER_TTL);
        this.interval = fifth.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : fifth;
        this.listener = listener;
        this.lastRenewalSent = sentAt;
        this.thread = Thread.ofVirtual().name("lease " + id).unstarted(this::run);
    }

    static LeaseKeeper grant(EtcdClient client, Duration ttl, LeaseListener listener)
            throws EtcdException, InterruptedException {
        if (ttl.toSeconds() < 1) {
            throw new IllegalArgumentException("a lease lives for at least one second, not " + ttl);
        }
        // We choose the id, so that a grant whose answer was lost can be asked for again.
        long chosen = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        var request = LeaseGrantRequest.newBuilder().setTTL(ttl.toSeconds()).setID(chosen).build();
        Duration sentAt = client.clock().now();
        Duration granted = ttl;
        try {
            var answer =
                    client.requests()
                            .call(EtcdMethods.LEASE_GRANT, request, Requests.Repeat.ALWAYS);
            granted = Duration.ofSeconds(answer.response().getTTL());
        } catch (EtcdException e) {
            boolean ours = e.code() == GrpcCode.FAILED_PRECONDITION && e.maybeApplied();
            if (!ours) {
                throw e;
            }
        }
        var keeper = new LeaseKeeper(client, new LeaseId(chosen), granted, sentAt, listener);
        client.closeLater(keeper.abandonment);
        keeper.thread.start();
        return keeper;
    }

    public LeaseId id() {
        return id;
    }

    /** The time to live that the store granted, which may be longer than asked for. */
    public Duration ttl() {
        return ttl;
    }

    /**
     * When the last renewal that was answered was sent, by {@link EtcdClient#clock}. The lease
     * cannot have expired before this plus {@link #ttl}.
     */
    public Duration lastRenewalSent() {
        return lastRenewalSent;
    }

    /** True once the store has said that the lease is no more. */
    public boolean lost() {
        return lost;
    }

    /** True while the lease can certainly not have expired. */
    public boolean certain() {
        return !lost && client.clock().now().compareTo(lastRenewalSent.plus(ttl)) < 0;
    }

    void whenLost(Runnable action) {
        whenLost.add(action);
        if (lost) {
            action.run();
        }
    }

    void forget(Runnable action) {
        whenLost.remove(action);
    }

    /** What a stream brings to the thread. */
    private sealed interface Item {
        record Renewed(long ttlSeconds) implements Item {}

        record End(@Nullable GrpcException reason) implements Item {}
    }

    private static final class Inbox implements GrpcInbound<LeaseKeepAliveResponse> {
        private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();

        @Override
        public void message(LeaseKeepAliveResponse message) {
            items.add(new Item.Renewed(message.getTTL()));
        }

        @Override
        public void halfClosed() {}

        @Override
        public void closed(@Nullable GrpcException reason) {
            items.add(new Item.End(reason));
        }
    }

    private void run() {
        try {
            while (!stopped) {
                if (renewedNoMore()) {
                    lost = true;
                    whenLost.forEach(Runnable::run);
                    listener.onLost();
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(
                        PAUSE_MILLIS / 2 + ThreadLocalRandom.current().nextLong(PAUSE_MILLIS));
            }
        } catch (InterruptedException e) {
            // Closed or abandoned.
        } catch (RuntimeException e) {
            LOG.error("a listener of a lost lease failed", "lease", id, e);
        } finally {
            client.closedAlready(abandonment);
        }
    }

    /** True: lease lost. A fault of one stream is no reason to let a lease run out. */
    private boolean renewedNoMore() throws InterruptedException {
        try {
            return renewOverOneStream();
        } catch (RuntimeException e) {
            LOG.error("renewing a lease failed, trying again", "lease", id, e);
            return false;
        }
    }

    /** Renews until the stream breaks or a renewal is not answered in time; true: lease lost. */
    private boolean renewOverOneStream() throws InterruptedException {
        if (!signedIn()) {
            return false;
        }
        var inbox = new Inbox();
        GrpcOutbound out = client.transport().stream(EtcdMethods.LEASE_KEEP_ALIVE, inbox);
        var message = LeaseKeepAliveRequest.newBuilder().setID(id.value()).build().toByteString();
        Duration patience =
                interval.compareTo(SHORTEST_PATIENCE) < 0 ? SHORTEST_PATIENCE : interval;
        // Unless a renewal is not answered: then the transport turns to another member.
        var goodbye = new GrpcException(GrpcCode.CANCELLED, "the keeper moves on");
        try {
            while (!stopped) {
                Duration sentAt = client.clock().now();
                out.send(message);
                switch (inbox.items.poll(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    case null -> {
                        LOG.debug("lease renewal was not answered in time", "lease", id);
                        goodbye = new GrpcException(GrpcCode.DEADLINE_EXCEEDED, "no answer");
                        return false;
                    }
                    case Item.End(GrpcException reason) -> {
                        return over(reason);
                    }
                    case Item.Renewed(long ttlSeconds) -> {
                        if (ttlSeconds <= 0) {
                            return true;
                        }
                        lastRenewalSent = sentAt;
                        listener.onRenewed(sentAt);
                    }
                }
                long rest = sentAt.plus(interval).minus(client.clock().now()).toNanos();
                // The stream may break while nothing is under way: then it is opened anew at once.
                if (inbox.items.poll(Math.max(0, rest), TimeUnit.NANOSECONDS)
                        instanceof Item.End(GrpcException reason)) {
                    return over(reason);
                }
            }
            return false;
        } finally {
            out.fail(goodbye);
        }
    }

    private boolean signedIn() throws InterruptedException {
        Login login = client.login();
        if (login == null) {
            return true;
        }
        try {
            token = login.ready(wornToken, ttl);
            wornToken = -1;
            return true;
        } catch (GrpcException e) {
            LOG.debug("cannot sign in to renew a lease", "lease", id, "cause", e);
            return false;
        }
    }

    /** True: the lease is lost. */
    private boolean over(@Nullable GrpcException reason) {
        LOG.debug("lease stream ended", "lease", id, "cause", reason);
        if (reason == null) {
            return false;
        }
        wornToken = Login.refused(reason) ? token : wornToken;
        return reason.code() == GrpcCode.NOT_FOUND;
    }

    /** Stops to renew; the lease lives on for its time to live. */
    public void abandon() {
        stopped = true;
        thread.interrupt();
    }

    /** Stops to renew and revokes the lease, which deletes its keys at once. */
    @Override
    public void close() {
        abandon();
        if (lost) {
            return;
        }
        try {
            client.revoke(id);
        } catch (EtcdException e) {
            LOG.warn("lease could not be revoked and will expire", "lease", id, "cause", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
