package io.skerry.etcd.server;

import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.grpc.GrpcTransport;
import io.skerry.base.grpc.InProcessTransport;
import io.skerry.base.http.HttpListener;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.log.Log;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.server.api.coordination.Coordination;
import io.skerry.etcd.server.api.gateway.JsonGateway;
import io.skerry.etcd.server.api.introspection.Introspection;
import io.skerry.etcd.server.api.v2.Projection;
import io.skerry.etcd.server.api.v2.V2Api;
import io.skerry.etcd.server.api.v3.EtcdApi;
import io.skerry.etcd.server.auth.AuthOptions;
import io.skerry.etcd.server.auth.token.Tokens;
import io.skerry.etcd.server.bootstrap.Bootstrap;
import io.skerry.etcd.server.bootstrap.Discovery;
import io.skerry.etcd.server.cluster.ClusterChanges;
import io.skerry.etcd.server.cluster.MemberLife;
import io.skerry.etcd.server.consensus.RaftLog;
import io.skerry.etcd.server.consensus.RaftOptions;
import io.skerry.etcd.server.consensus.RaftStatus;
import io.skerry.etcd.server.consensus.peer.Versions;
import io.skerry.etcd.server.corruption.CorruptionGuard;
import io.skerry.etcd.server.membership.Beginning;
import io.skerry.etcd.server.membership.DataDirectory;
import io.skerry.etcd.server.membership.InitialCluster;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.StoreOptions;
import io.skerry.etcd.server.telemetry.CallMetrics;
import io.skerry.etcd.server.telemetry.SlowRequests;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One member of a store in this process: log, store, API and listeners. Several may run in one
 * process. {@link #close} hands leadership over and stops everything in reverse order.
 */
public final class EtcdServer implements AutoCloseable {
    private static final Log LOG = Log.of(EtcdServer.class);
    private static final Duration ALONE_PATIENCE = Duration.ofSeconds(60);

    /** What a message may have beside the request, as in etcd. */
    private static final int MESSAGE_OVERHEAD_BYTES = 512 << 10;

    private final EtcdConfig config;
    private final List<Projection> projections;
    private final Metrics metrics;
    private final Versions versions;
    private final SlowRequests slow;
    private final GrpcRouter router;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final List<Integer> ports = new ArrayList<>();
    private volatile RaftStatus lastStatus;
    private volatile @Nullable RaftLog log;

    private EtcdServer(
            EtcdConfig config, List<Projection> projections, Metrics metrics, Versions versions) {
        this.config = config;
        this.projections = List.copyOf(projections);
        this.metrics = metrics;
        this.versions = versions;
        this.slow = new SlowRequests(config.operation().slow());
        this.router =
                new GrpcRouter(
                        new CallMetrics(metrics, config.operation().metrics().extensive(), slow));
        this.lastStatus = new RaftStatus(0, 0, 0, 0, 0, 0, 0, List.of());
    }

    /** As the other one, with event loops and metrics of its own, and nothing projected. */
    public static EtcdServer start(EtcdConfig config, Consumer<String> fatal) throws IOException {
        return start(config, List.of(), fatal);
    }

    /** As the other one, with event loops and metrics of its own. */
    public static EtcdServer start(
            EtcdConfig config, List<Projection> projections, Consumer<String> fatal)
            throws IOException {
        Network network = Network.start();
        try {
            EtcdServer server = start(config, projections, network, new Metrics(), fatal);
            server.parts.addLast(new Part("event loops", network));
            return server;
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    /**
     * Starts a member. Returns when it serves clients; there need be no leader yet.
     *
     * @param projections keys of v3 that clients of v2 see as directories of theirs
     * @param network event loops for clients' connections; outlive the server
     * @param metrics where the member's metrics are registered; served at {@code /metrics}
     * @param fatal is told, once, why the member cannot go on; close it then
     * @throws IOException says in one line what cannot be used, why, and what to do
     */
    public static EtcdServer start(
            EtcdConfig config,
            List<Projection> projections,
            Network network,
            Metrics metrics,
            Consumer<String> fatal)
            throws IOException {
        return start(config, projections, network, metrics, Versions.CURRENT, fatal);
    }

    /** As a program that understands these versions. */
    static EtcdServer start(
            EtcdConfig config,
            List<Projection> projections,
            Network network,
            Metrics metrics,
            Versions versions,
            Consumer<String> fatal)
            throws IOException {
        var server = new EtcdServer(config, projections, metrics, versions);
        try {
            server.open(network, fatal);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void open(Network network, Consumer<String> ended) throws IOException {
        var told = new AtomicBoolean();
        Consumer<String> fatal =
                reason -> {
                    if (told.compareAndSet(false, true)) {
                        ended.accept(reason);
                    }
                };
        warnOfClearText();
        ListenAddresses.requireFree(config);
        DataDirectory data = DataDirectory.open(config.dataDir());
        opened("data directory", data);
        Beginning beginning = beginning(data);
        EtcdStateMachine store = EtcdStateMachine.open(data.store(), StoreOptions.DEFAULT);
        opened("store", store);
        store.slow(slow);
        store.onBroken(fatal);
        requireReadable(store.members().version());
        StoreMetrics.register(metrics, store);
        var members = new CurrentMembers(beginning, store, config.cluster().forceNewCluster());
        RaftLog raft = RaftLog.create(options(data, beginning, members), store, metrics, fatal);
        opened("log", raft);
        log = raft;
        store.listen(members.tell(raft));
        raft.introduce(() -> members.current().encode());
        var api =
                new EtcdApi(
                        store,
                        raft,
                        config.electionTimeout(),
                        config.operation().limits().progressInterval(),
                        config.storage().quotaBytes(),
                        login(),
                        config.operation().limits().requests());
        opened("API", api);
        StoreMetrics.api(metrics, api, slow);
        api.register(router);
        var changes =
                new ClusterChanges(
                        raft,
                        raft.quorum(),
                        members::known,
                        config.cluster().strictReconfigCheck(),
                        config.cluster().maxLearners(),
                        Duration.ofSeconds(5).plus(config.electionTimeout().multipliedBy(2)),
                        InstantSource.system());
        opened("changes of members", changes);
        api.registerCluster(router, changes);
        var coordination = new Coordination(router);
        opened("locks and elections", coordination);
        coordination.register(router);
        Introspection.register(router);
        var routes = StatusRoutes.router(() -> store.members().version(), metrics);
        var health = new HealthRoutes(store, raft);
        health.register(routes);
        StoreMetrics.server(metrics, config, beginning.memberId(), health);
        ClientLimits limits = config.operation().limits();
        if (limits.gateway()) {
            new JsonGateway(router).register(routes);
        }
        var v2 =
                new V2Api(
                        store,
                        projections,
                        raft,
                        changes,
                        raft.traffic(),
                        config.advertiseClientUrls(),
                        new V2Api.Login(
                                config.auth().bcryptCost(), config.auth().certificateNames()),
                        config.electionTimeout(),
                        InstantSource.system());
        opened("v2 API", v2);
        if (limits.v2()) {
            v2.register(routes);
        }
        var corruption =
                new CorruptionGuard(
                        store, raft, raft.quorum(), raft.peers(), config.operation().corruption());
        opened("corruption guard", corruption);
        raft.connect();
        corruption.beforeStart();
        raft.start();
        corruption.start();
        opened("auto compaction", AutoCompactor.start(store, raft, config.storage().retention()));
        QuotaGuard.watch(store, raft, config.storage().quotaBytes());
        var life =
                new MemberLife(
                        raft,
                        raft.quorum(),
                        store::members,
                        beginning.members(),
                        versions,
                        config.name(),
                        config.advertiseClientUrls(),
                        config.cluster().forceNewCluster());
        opened("member", life);
        life.start();
        if (config.cluster().forceNewCluster()) {
            life.awaitAlone(ALONE_PATIENCE);
        }
        routes.browsers(limits.browsers());
        int largest = limits.requests().maxRequestBytes() + MESSAGE_OVERHEAD_BYTES;
        // In JSON keys and values are base64: four characters for three bytes.
        int largestBody = largest / 3 * 4;
        for (ListenUrl url : config.listenClientUrls()) {
            HttpListener listener =
                    HttpListener.start(
                            network,
                            url,
                            new HttpListener.Options(
                                    tls(url),
                                    largestBody,
                                    largest,
                                    routes,
                                    router,
                                    limits.maxStreams(),
                                    limits.probeInterval()));
            opened("clients' port", listener);
            ports.add(listener.port());
        }
        for (ListenUrl url : config.operation().metrics().urls()) {
            var watched = StatusRoutes.metrics(metrics);
            health.register(watched);
            opened(
                    "metrics' port",
                    HttpListener.start(network, url, HttpListener.Options.of(tls(url), watched)));
        }
        LOG.info("ready to serve client requests", "urls", config.listenClientUrls());
    }

    /** A program that is too old might take the newer one's data for something else. */
    private void requireReadable(int clusterVersion) throws IOException {
        String refusal = clusterVersion == 0 ? null : versions.refusalOf(clusterVersion);
        if (refusal != null) {
            throw new IOException(
                    "the data in " + config.dataDir() + " cannot be used: " + refusal);
        }
    }

    private EtcdApi.Login login() throws IOException {
        AuthOptions auth = config.auth();
        return new EtcdApi.Login(
                Tokens.of(auth.token(), auth.tokenTtl()),
                auth.certificateNames(),
                auth.bcryptCost());
    }

    private @Nullable TlsFiles tls(ListenUrl url) {
        return url instanceof ListenUrl.Tcp tcp && tcp.tls() ? config.clientTls() : null;
    }

    private void opened(String name, AutoCloseable part) {
        parts.addFirst(new Part(name, part));
    }

    private void warnOfClearText() {
        if (config.effectivePeerTls() == null
                && config.initialCluster().members().size() > 1
                && config.peerListenAddresses().stream()
                        .anyMatch(address -> !address.getAddress().isLoopbackAddress())) {
            LOG.warn(
                    "peers talk in clear text beyond loopback; whoever reaches the port can change"
                            + " the store",
                    "listenPeerUrls",
                    config.listenPeerUrls());
        }
    }

    private Beginning beginning(DataDirectory data) throws IOException {
        Beginning stored = data.stored();
        if (stored != null) {
            return stored;
        }
        var bootstrap = new Bootstrap(config.name(), config.effectivePeerTls(), versions);
        try {
            Beginning found;
            if (config.joining()) {
                found = bootstrap.join(config.initialCluster());
            } else {
                Discovery discovery = config.cluster().discovery();
                InitialCluster cluster =
                        discovery == null
                                ? config.initialCluster()
                                : discovery.find(config.initialCluster(), config.name());
                found = bootstrap.begin(cluster);
            }
            data.begin(found);
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the cluster was looked for", e);
        }
    }

    private RaftOptions options(DataDirectory data, Beginning beginning, CurrentMembers members) {
        return new RaftOptions(
                beginning.clusterId(),
                beginning.memberId(),
                versions,
                members.roster(),
                beginning.joining(),
                config.cluster().forceNewCluster(),
                config.peerListenAddresses(),
                config.effectivePeerTls(),
                data.raft(),
                config.heartbeatInterval(),
                config.electionTimeout(),
                config.snapshotCount());
    }

    /** A client of this member that needs no network. */
    public GrpcTransport inProcess() {
        return new InProcessTransport(router);
    }

    /** TCP ports of the client URLs in their order, also where 0 was asked for. */
    public List<Integer> clientPorts() {
        return List.copyOf(ports);
    }

    /** Where the member stands; after {@link #close} where it stood. */
    public RaftStatus status() {
        RaftLog running = log;
        if (running != null) {
            lastStatus = running.status();
        }
        return lastStatus;
    }

    @Override
    public synchronized void close() {
        if (log != null) {
            LOG.info("member stops", "name", config.name());
        }
        while (!parts.isEmpty()) {
            Part part = parts.removeFirst();
            try {
                part.resource().close();
            } catch (Exception e) {
                LOG.warn("a part of the member could not be closed", "part", part.name(), e);
            }
        }
        log = null;
    }

    private record Part(String name, AutoCloseable resource) {}
}
