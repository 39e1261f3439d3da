package io.skerry.fleet.daemon;

import io.skerry.base.log.Log;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.LeaseId;
import io.skerry.etcd.client.LeaseKeeper;
import io.skerry.etcd.client.LeaseListener;
import io.skerry.fleet.agent.Registration;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.FleetStore;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.RegistryException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the host in the cluster: one lease and the registration on it, entered anew whenever the
 * lease was lost. Tries for as long as the store is away, and for as long as another host has the
 * same machine id.
 */
final class Membership implements AutoCloseable {
    private static final Log LOG = Log.of(Membership.class);
    private static final Duration RETRY = Duration.ofMillis(300);

    private final EtcdClient client;
    private final FleetStore store;
    private final Keys keys;
    private final MachineState self;
    private final Duration ttl;
    private final Events events;
    private final Thread thread;
    private volatile @Nullable LeaseKeeper lease;
    private volatile @Nullable String duplicate;
    private volatile @Nullable String problem = "has not entered the cluster yet";

    /** Hears how the membership goes; called by threads of this class and of the client. */
    interface Events {
        /** In the cluster under that lease. */
        void entered(LeaseKeeper lease, long formerLease);

        /** A renewal was answered that was sent then, by the client's clock. */
        void renewed(Duration sent);

        /** Out of the cluster; entering anew is under way. */
        void lost();
    }

    Membership(
            EtcdClient client,
            FleetStore store,
            Keys keys,
            MachineState self,
            Duration ttl,
            Events events) {
        this.client = client;
        this.store = store;
        this.keys = keys;
        this.self = self;
        this.ttl = ttl;
        this.events = events;
        this.thread = Thread.ofVirtual().name("fleet-membership").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Why the host is not in the cluster; empty when it is. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** That another host has this machine id, and what to do; empty when none has. */
    Optional<String> duplicate() {
        return Optional.ofNullable(duplicate);
    }

    private void run() {
        try {
            while (true) {
                var lost = new CountDownLatch(1);
                if (enter(lost)) {
                    problem = null;
                    lost.await();
                    LOG.warn("lease is lost, entering the cluster anew");
                    problem = "has lost its lease and is entering the cluster anew";
                    events.lost();
                } else {
                    TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private boolean enter(CountDownLatch lost) throws InterruptedException {
        LeaseKeeper keeper = null;
        try {
            keeper =
                    client.keepLease(
                            ttl,
                            new LeaseListener() {
                                @Override
                                public void onRenewed(Duration sentAt) {
                                    events.renewed(sentAt);
                                }

                                @Override
                                public void onLost() {
                                    lost.countDown();
                                }
                            });
            String key = keys.machine(self.id());
            switch (Registration.decide(self, store.get(key), keys)) {
                case Registration.Enter(var txn, var formerLease) -> {
                    if (store.commit(txn, keeper.id().value()).held()) {
                        LOG.info("in the cluster", "machine", self.id(), "lease", keeper.id());
                        lease = keeper;
                        duplicate = null;
                        events.renewed(keeper.lastRenewalSent());
                        events.entered(keeper, formerLease);
                        return true;
                    }
                    refuse(keeper, "was registered by another process at the same time");
                }
                case Registration.Duplicate(var other) -> {
                    String why =
                            "machine id "
                                    + self.id()
                                    + " is that of "
                                    + other.publicIp()
                                    + " already; give this host an id of its own"
                                    + " (rm /etc/machine-id; systemd-machine-id-setup)";
                    duplicate = why;
                    refuse(keeper, why);
                }
            }
        } catch (EtcdException | RegistryException e) {
            if (keeper != null) {
                keeper.abandon();
            }
            note("cannot reach the store: " + e.getMessage());
        }
        return false;
    }

    private void refuse(LeaseKeeper keeper, String why) {
        keeper.close();
        note(why);
    }

    private void note(String why) {
        if (!why.equals(problem)) {
            LOG.error("not in the cluster", "why", why);
        }
        problem = why;
    }

    /** Revokes a lease of a former process, with what is left on it. */
    void revoke(long formerLease) {
        try {
            client.revoke(new LeaseId(formerLease));
        } catch (EtcdException e) {
            LOG.warn("former lease could not be revoked, it will expire", "cause", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves the cluster: everything on the lease goes at once. */
    void resign() {
        thread.interrupt();
        LeaseKeeper keeper = lease;
        if (keeper != null) {
            keeper.close();
        }
    }

    /** Stops to renew without leaving, so that the next process of this host takes over. */
    @Override
    public void close() {
        thread.interrupt();
        LeaseKeeper keeper = lease;
        if (keeper != null) {
            keeper.abandon();
        }
    }
}
