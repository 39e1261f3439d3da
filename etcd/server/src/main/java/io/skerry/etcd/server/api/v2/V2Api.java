package io.skerry.etcd.server.api.v2;

import io.skerry.base.http.HttpRouter;
import io.skerry.etcd.server.auth.Passwords;
import io.skerry.etcd.server.cluster.ClusterChanges;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.consensus.peer.AppendTraffic;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.store.ApplyListener;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.v2store.Outcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * The v2 API of one member over its store and the log. Wire it before the log starts to apply:
 * construct it, {@link #register} it, start the log; then close it before the log and the store.
 */
public final class V2Api implements AutoCloseable {
    private final EventHub hub;
    private final NodeExpiry expiry;
    private final Passwords passwords;
    private final KeysHandler keys;
    private final AuthHandler auth;
    private final MembersHandler members;
    private final StatisticsHandler statistics;

    /**
     * How users of the v2 API say who they are.
     *
     * @param bcryptCost of new passwords' hashes
     * @param certificatesCount whether the name in a client's certificate is a user's, unless a
     *     password comes with the request
     */
    public record Login(int bcryptCost, boolean certificatesCount) {}

    /**
     * @param projections keys of v3 that are shown as parts of the tree
     * @param traffic told at {@code /v2/stats}
     * @param ownClientUrls where clients find this member
     * @param electionTimeout what a new leader adds to each time to live
     * @param clock tells clients when a node ends
     */
    public V2Api(
            EtcdStateMachine store,
            List<Projection> projections,
            ReplicatedLog log,
            ClusterChanges changes,
            AppendTraffic traffic,
            List<String> ownClientUrls,
            Login login,
            Duration electionTimeout,
            InstantSource clock) {
        this.hub = new EventHub(store::revision);
        hub.replace(store.nodes().events(), store.nodes().eventsClearedThrough());
        this.expiry = new NodeExpiry(store, log, clock);
        this.passwords = new Passwords(login.bcryptCost);
        var counts = new OperationCounts();
        var tree = new TreeAccess(store, log, clock);
        var users = new UserStore(tree);
        var check = new PasswordCheck(passwords);
        var access = new AccessControl(users, check, login.certificatesCount);
        var projected = new ProjectedTree(store, projections, login.certificatesCount);
        this.keys = new KeysHandler(tree, projected, log, hub, counts, access);
        this.auth = new AuthHandler(log, users, check, access);
        this.members = new MembersHandler(log, changes, access, ownClientUrls);
        this.statistics = new StatisticsHandler(log, traffic, counts, hub, clock);
        store.listen(new Applied(store, counts, electionTimeout));
    }

    /** Registers all paths below {@code /v2}. */
    public void register(HttpRouter router) {
        router.any("/v2/keys/{path...}", keys::handle)
                .any("/v2/members/{path...}", members::members)
                .any("/v2/auth/users/{name...}", auth::users)
                .any("/v2/auth/roles/{name...}", auth::roles)
                .any("/v2/auth/enable", auth::enable)
                .any("/v2/machines", members::machines)
                .any("/v2/stats/store", statistics::store)
                .any("/v2/stats/self", statistics::self)
                .any("/v2/stats/leader", statistics::leader);
    }

    /** Passes what the log did to watches, clocks and counters. */
    private final class Applied implements ApplyListener {
        private final EtcdStateMachine store;
        private final OperationCounts counts;
        private final Duration electionTimeout;

        Applied(EtcdStateMachine store, OperationCounts counts, Duration electionTimeout) {
            this.store = store;
            this.counts = counts;
            this.electionTimeout = electionTimeout;
        }

        @Override
        public void nodes(List<Outcome> outcomes) {
            for (var outcome : outcomes) {
                counts.written(outcome);
                if (outcome instanceof Outcome.Done(var event)) {
                    hub.add(event);
                    expiry.written(event);
                }
            }
        }

        @Override
        public void applied(List<Change> changes, long revision) {}

        @Override
        public void replaced(long revision) {
            hub.replace(store.nodes().events(), store.nodes().eventsClearedThrough());
        }

        @Override
        public void leaseGranted(Lease lease) {}

        @Override
        public void leaseRevoked(long id) {}

        @Override
        public void leadership(long term, boolean leader) {
            if (leader) {
                expiry.lead(term, electionTimeout);
            } else {
                expiry.follow();
            }
        }
    }

    @Override
    public void close() {
        expiry.close();
        passwords.close();
    }
}
