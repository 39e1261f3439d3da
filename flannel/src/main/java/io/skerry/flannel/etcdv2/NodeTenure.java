package io.skerry.flannel.etcdv2;

import io.skerry.base.log.Log;
import io.skerry.flannel.subnet.Claim;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.StoreException;
import io.skerry.flannel.subnet.SubnetKeys;
import io.skerry.flannel.subnet.SubnetView;
import io.skerry.flannel.subnet.Tenure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds one node with a time to live, and renews it by compare-and-swap, which every version of v2
 * has and the original's watches understand.
 *
 * <p>v2 has no transactions. That two hosts do not get one node is the store's doing; whatever else
 * a claim depends on is looked at once it is made: a claim that came later than another host's of
 * addresses that overlap, or than a change of the configuration, is taken back. Of two such claims
 * at least the later one sees the other.
 */
final class NodeTenure implements Tenure {
    private static final Log LOG = Log.of(NodeTenure.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration NOTHING_TO_RENEW = Duration.ofDays(1);

    private final EtcdV2Store store;
    private final KeysApi api;
    private final SubnetKeys keys;
    private final Duration ttl;
    private final Duration renewAfter;
    private final Runnable whenLost;
    private final Semaphore claimed = new Semaphore(0);
    private final Thread thread;
    private volatile boolean lost;

    /** What is held; guarded by this, which is kept while the store is asked. */
    private @Nullable Held held;

    /** What was logged last; guarded by this. */
    private String trouble = "";

    /**
     * A node of ours.
     *
     * @param index of our last change
     * @param renewed when that was, by {@code System.nanoTime}
     */
    private record Held(String key, String value, boolean permanent, long index, long renewed) {
        Held at(long newIndex, long when) {
            return new Held(key, value, permanent, newIndex, when);
        }
    }

    NodeTenure(
            EtcdV2Store store,
            KeysApi api,
            SubnetKeys keys,
            Duration ttl,
            Duration renewAfter,
            Runnable whenLost) {
        this.store = store;
        this.api = api;
        this.keys = keys;
        this.ttl = ttl;
        this.renewAfter = renewAfter;
        this.whenLost = whenLost;
        this.thread = Thread.ofVirtual().name("flannel-renewal").start(this::run);
    }

    @Override
    public Optional<SubnetView> read() throws StoreException, InterruptedException {
        return store.read();
    }

    @Override
    public synchronized boolean claim(Claim claim) throws StoreException, InterruptedException {
        long began = System.nanoTime();
        Optional<Lease> replacing = claim.replacing();
        String key = replacing.map(Lease::key).orElse(keys.subnets(claim.subnets()));
        String value = claim.value().json();
        Duration life = claim.permanent() ? Duration.ZERO : ttl;
        Answer answer =
                replacing.isPresent()
                        ? api.swap(key, value, life, replacing.get().modRevision())
                        : api.create(key, value, life);
        Optional<Node> written = written(answer);
        if (written.isEmpty()) {
            return false;
        }
        Node node = written.get();
        Optional<SubnetView> view = store.read().filter(now -> holds(claim, node, now));
        if (view.isEmpty()) {
            if (replacing.isEmpty()) {
                requireGone(api.delete(key));
            }
            return false;
        }
        held = new Held(key, value, claim.permanent(), node.modifiedIndex(), began);
        claimed.release();
        for (Lease discarded : claim.discarded()) {
            if (view.get().leases().contains(discarded)) {
                requireGone(api.delete(discarded.key()));
            }
        }
        return true;
    }

    /** Empty if the node was not as it was expected. */
    private static Optional<Node> written(Answer answer) throws StoreException {
        return switch (answer) {
            case Answer.Done done -> Optional.of(done.node());
            case Answer.Refused refused ->
                    switch (refused.code()) {
                        case Answer.Refused.KEY_NOT_FOUND,
                                Answer.Refused.COMPARE_FAILED,
                                Answer.Refused.NODE_EXISTS ->
                                Optional.empty();
                        default -> throw refused.failure();
                    };
        };
    }

    private static boolean holds(Claim claim, Node node, SubnetView view) {
        return view.configRevision() == claim.configRevision()
                && (claim.replacing().isPresent() || !comesLater(claim, node, view));
    }

    /** Whether another host had some of the addresses when ours were written. */
    private static boolean comesLater(Claim claim, Node node, SubnetView view) {
        return view.leases().stream()
                .filter(lease -> !lease.key().equals(node.key()))
                .filter(lease -> !lease.value().publicIp().equals(claim.value().publicIp()))
                .filter(lease -> lease.reservation() || lease.storeLease() < node.createdIndex())
                .anyMatch(lease ->
                        lease.subnets().all().stream()
                                .anyMatch(other ->
                                        claim.subnets().all().stream().anyMatch(other::overlaps)));
    }

    private static void requireGone(Answer answer) throws StoreException {
        if (answer instanceof Answer.Refused refused
                && refused.code() != Answer.Refused.KEY_NOT_FOUND) {
            throw refused.failure();
        }
    }

    private void run() {
        try {
            renew();
            lost = true;
            whenLost.run();
        } catch (InterruptedException e) {
            // Closed or abandoned.
        }
    }

    /** Returns when what was held is not ours any more, or nobody renews it. */
    private void renew() throws InterruptedException {
        try {
            Optional<Duration> pause = renewIfDue();
            while (pause.isPresent()) {
                var _ = claimed.tryAcquire(pause.get().toMillis() + 1, TimeUnit.MILLISECONDS);
                pause = renewIfDue();
            }
        } catch (RuntimeException e) {
            LOG.error("the lease is not renewed any more", e);
        }
    }

    /** How long there is nothing to do; empty: what was held is not ours any more. */
    private synchronized Optional<Duration> renewIfDue() throws InterruptedException {
        Held present = held;
        if (present == null || present.permanent()) {
            return Optional.of(NOTHING_TO_RENEW);
        }
        Duration rest = renewAfter.minusNanos(System.nanoTime() - present.renewed());
        if (rest.isPositive()) {
            return Optional.of(rest);
        }
        try {
            return renew(present) ? Optional.of(Duration.ZERO) : Optional.empty();
        } catch (StoreException e) {
            tell(String.valueOf(e.getMessage()));
            return Optional.of(RETRY);
        }
    }

    private void tell(String failure) {
        if (!failure.equals(trouble)) {
            LOG.warn("cannot renew the lease, trying on", "cause", failure);
        }
        trouble = failure;
    }

    private boolean renew(Held present) throws StoreException, InterruptedException {
        long began = System.nanoTime();
        Optional<Node> node =
                written(api.swap(present.key(), present.value(), ttl, present.index()));
        trouble = "";
        if (node.isPresent()) {
            held = present.at(node.get().modifiedIndex(), began);
            return true;
        }
        // Also after a renewal whose answer was lost; then it is ours as it was, and renewed.
        Optional<Node> there = there(present.key());
        if (there.isPresent() && there.get().value().equals(present.value())) {
            held =
                    new Held(
                            present.key(),
                            present.value(),
                            !there.get().expires(),
                            there.get().modifiedIndex(),
                            present.renewed());
            return true;
        }
        held = null;
        return false;
    }

    private Optional<Node> there(String key) throws StoreException, InterruptedException {
        return written(api.get(key));
    }

    @Override
    public boolean lost() {
        return lost;
    }

    @Override
    public void abandon() {
        thread.interrupt();
    }

    @Override
    public void close() {
        abandon();
        try {
            giveBack();
        } catch (StoreException e) {
            LOG.warn("the subnet stays this host's for its time", "cause", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void giveBack() throws StoreException, InterruptedException {
        Held present = held;
        held = null;
        if (present == null || present.permanent()) {
            return;
        }
        if (there(present.key()).filter(node -> node.value().equals(present.value())).isPresent()) {
            requireGone(api.delete(present.key()));
        }
    }

    @Override
    public synchronized String toString() {
        Held present = held;
        return present == null ? "none" : present.key() + "@" + present.index();
    }
}
