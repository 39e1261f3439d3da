package io.skerry.etcd.client;

import com.google.protobuf.ByteString;
import io.skerry.base.log.Log;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * An election over one key: who creates it leads, until it is gone. The key hangs on the
 * candidate's lease; the others watch for its deletion.
 *
 * <p>A leader that cannot renew its lease does not learn at once that it is one no longer. So a
 * leader puts {@link #guard} into each transaction by which it decides: the store then refuses one
 * that comes too late.
 */
public final class Election implements AutoCloseable {
    private static final Log LOG = Log.of(Election.class);
    private static final long PAUSE_MILLIS = 300;

    private final EtcdClient client;
    private final String key;
    private final ByteString value;
    private final LeaseKeeper lease;
    private final ElectionListener listener;
    private final Thread thread;
    private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    private final Runnable stop = this::stop;
    private volatile long term;
    private volatile long lastTerm;
    private volatile boolean closed;

    /** Why a wait ends. */
    private enum Change {
        KEY_GONE,
        WATCH_ENDED,
        LEASE_LOST
    }

    private Election(
            EtcdClient client,
            String key,
            String value,
            LeaseKeeper lease,
            ElectionListener listener) {
        this.client = client;
        this.key = key;
        this.value = ByteString.copyFromUtf8(value);
        this.lease = lease;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("election " + key).unstarted(this::run);
    }

    static Election start(
            EtcdClient client,
            String key,
            String value,
            LeaseKeeper lease,
            ElectionListener listener) {
        var election = new Election(client, key, value, lease, listener);
        client.closeLater(election.stop);
        election.thread.start();
        return election;
    }

    /** The term while this candidate leads and its lease can certainly not have expired. */
    public OptionalLong term() {
        long now = term;
        return now != 0 && lease.certain() ? OptionalLong.of(now) : OptionalLong.empty();
    }

    /** The condition that this candidate leads in a term. */
    public Compare guard(long inTerm) {
        return Compare.createRevision(key, Compare.Relation.EQUAL, inTerm);
    }

    private void run() {
        Runnable leaseLost = () -> changes.add(Change.LEASE_LOST);
        lease.whenLost(leaseLost);
        try {
            while (!closed && !lease.lost()) {
                try {
                    campaign();
                } catch (EtcdException e) {
                    LOG.debug("campaign failed, it is tried again", "key", key, "cause", e);
                    TimeUnit.MILLISECONDS.sleep(
                            PAUSE_MILLIS / 2 + ThreadLocalRandom.current().nextLong(PAUSE_MILLIS));
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        } catch (RuntimeException e) {
            LOG.error("election listener failed, the candidacy has ended", "key", key, e);
        } finally {
            lease.forget(leaseLost);
            client.closedAlready(stop);
        }
    }

    private void campaign() throws EtcdException, InterruptedException {
        TxnOutcome outcome =
                client.commit(
                        Txn.when(Compare.absent(key))
                                .then(Op.put(key, value, lease.id()))
                                .otherwise(Op.get(key)));
        if (outcome.succeeded()) {
            lead(outcome.revision());
            return;
        }
        KeyValue holder = outcome.read(0).first().orElse(null);
        if (holder == null) {
            return;
        }
        if (holder.lease() == lease.id().value()) {
            // Our own key: the answer to its creation was lost.
            lead(holder.createRevision());
            return;
        }
        listener.onFollowing(holder.text());
        awaitGone(outcome.revision() + 1, holder.createRevision());
    }

    private void lead(long createRevision) throws InterruptedException {
        lastTerm = createRevision;
        term = createRevision;
        try {
            listener.onElected(createRevision);
            awaitGone(createRevision + 1, createRevision);
        } finally {
            term = 0;
            listener.onDeposed();
        }
    }

    /** Returns when the key of this creation is gone, or when that has to be looked up again. */
    private void awaitGone(long fromRevision, long createRevision) throws InterruptedException {
        changes.clear();
        if (lease.lost()) {
            return;
        }
        var gone =
                new WatchListener() {
                    @Override
                    public void onEvents(long revision, List<WatchEvent> events) {
                        for (WatchEvent event : events) {
                            boolean still =
                                    event instanceof WatchEvent.Put put
                                            && put.now().createRevision() == createRevision;
                            if (!still) {
                                changes.add(Change.KEY_GONE);
                            }
                        }
                    }

                    @Override
                    public void onCompacted(long compactRevision) {
                        changes.add(Change.WATCH_ENDED);
                    }

                    @Override
                    public void onRefused(EtcdException reason) {
                        LOG.warn("election cannot watch its key", "key", key, "cause", reason);
                    }
                };
        try (var _ = client.watch(WatchRequest.key(key).from(fromRevision), gone)) {
            changes.take();
        }
    }

    private void stop() {
        closed = true;
        thread.interrupt();
    }

    /** Ends the candidacy; if this candidate leads, another can at once. */
    @Override
    public void close() {
        stop();
        try {
            if (Thread.currentThread() != thread) {
                thread.join();
            }
            long led = lastTerm;
            if (led != 0 && !lease.lost()) {
                client.commit(Txn.when(guard(led)).then(Op.delete(key)));
            }
        } catch (EtcdException e) {
            LOG.debug("could not resign, the lease will end it", "key", key, "cause", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
