package io.skerry.etcd.server.api.v3;

import io.skerry.base.grpc.GrpcRouter;
import io.skerry.etcd.server.auth.Callers;
import io.skerry.etcd.server.auth.Passwords;
import io.skerry.etcd.server.auth.token.Tokens;
import io.skerry.etcd.server.cluster.ClusterChanges;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.store.ApplyListener;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.RequestLimits;
import io.skerry.etcd.server.watch.WatchHub;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/**
 * The v3 API of one member over its store and the log. Wire it before the log starts to apply:
 * construct it, {@link #register} it, start the log; then close it before the log and the store.
 */
public final class EtcdApi implements AutoCloseable {
    /** The version of etcd whose API this is, as {@code Status} tells it. */
    public static final String VERSION = "3.5.13";

    private final ExecutorService reads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReplicatedLog log;
    private final LongSupplier revision;
    private final Identity identity;
    private final Calls calls;
    private final LeaseKeeping keeping;
    private final WatchHub hub;
    private final WatchService watches;
    private final KvService keys;
    private final LeaseService leases;
    private final MaintenanceService maintenance;
    private final AlarmService alarms;
    private final SnapshotService snapshots;
    private final Passwords passwords;
    private final AuthService auth;

    /**
     * @param electionTimeout bounds the shortest lease and what a new leader adds to each
     * @param quotaBytes what {@code Status} tells of the quota; 0 for none
     * @param progressInterval how often a quiet watch that asked for it is told the revision
     * @param login how users prove who they are
     * @param limits how large requests may be
     */
    public EtcdApi(
            EtcdStateMachine store,
            ReplicatedLog log,
            Duration electionTimeout,
            Duration progressInterval,
            long quotaBytes,
            Login login,
            RequestLimits limits) {
        this.log = log;
        this.revision = store::revision;
        this.identity = new Identity(log);
        var callers = new Callers(store::auth, log, login.tokens());
        store.listen(callers);
        this.calls = new Calls(store, log, identity, callers, login.commonNames(), limits, reads);
        this.passwords = new Passwords(login.bcryptCost());
        this.auth = new AuthService(store, calls, identity, passwords, login.tokens());
        this.keeping = new LeaseKeeping(log);
        this.hub =
                new WatchHub(
                        store::view, identity::encodedHeader, progressInterval, store.revision());
        this.watches = new WatchService(hub, log, calls, electionTimeout);
        this.keys = new KvService(store, calls, identity);
        this.leases =
                new LeaseService(
                        store, keeping, calls, identity, new SecureRandom(), electionTimeout);
        this.maintenance = new MaintenanceService(store, log, calls, identity, quotaBytes);
        this.alarms = new AlarmService(store, calls, identity);
        this.snapshots = new SnapshotService(store, calls, identity, reads);
        store.listen(new Applied(store, electionTimeout));
    }

    /**
     * How users prove who they are.
     *
     * @param commonNames whether the common name of a client's verified certificate tells it, when
     *     no token is shown
     * @param bcryptCost of new passwords
     */
    public record Login(Tokens tokens, boolean commonNames, int bcryptCost) {}

    /** Registers what is about the cluster, and the refusal of what learners do not serve. */
    public void registerCluster(GrpcRouter router, ClusterChanges changes) {
        new ClusterService(log, calls, changes, identity).register(router);
        new DowngradeService(calls, changes, identity, revision).register(router);
    }

    /** The watches there are. */
    public WatchHub watches() {
        return hub;
    }

    /** How many leases this member has renewed as the leader. */
    public long leasesRenewed() {
        return keeping.renewed();
    }

    /** Registers all methods but those about the cluster. */
    public void register(GrpcRouter router) {
        keys.register(router);
        watches.register(router);
        leases.register(router);
        maintenance.register(router);
        alarms.register(router);
        snapshots.register(router);
        auth.register(router);
    }

    /** Passes what the log did to watches and to the clocks of leases. */
    private final class Applied implements ApplyListener {
        private final EtcdStateMachine store;
        private final Duration electionTimeout;

        Applied(EtcdStateMachine store, Duration electionTimeout) {
            this.store = store;
            this.electionTimeout = electionTimeout;
        }

        @Override
        public void applied(List<Change> changes, long revision) {
            hub.applied(changes, revision);
        }

        @Override
        public void replaced(long revision) {
            hub.replaced(revision);
        }

        @Override
        public void leaseGranted(Lease lease) {
            keeping.clocks().granted(lease);
        }

        @Override
        public void leaseRevoked(long id) {
            keeping.clocks().revoked(id);
        }

        @Override
        public void leadership(long term, boolean leader) {
            if (leader) {
                keeping.lead(term, store.leases(), electionTimeout);
            } else {
                keeping.clocks().stop();
            }
        }
    }

    @Override
    public void close() {
        watches.close();
        hub.close();
        keeping.close();
        passwords.close();
        // Not shutdownNow: it would interrupt reads of the file.
        reads.shutdown();
    }
}
