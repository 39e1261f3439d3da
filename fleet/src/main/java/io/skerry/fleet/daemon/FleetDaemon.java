package io.skerry.fleet.daemon;

import io.skerry.base.log.Log;
import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.LeaseKeeper;
import io.skerry.fleet.agent.Agent;
import io.skerry.fleet.agent.AgentMetrics;
import io.skerry.fleet.agent.Fence;
import io.skerry.fleet.api.FleetApi;
import io.skerry.fleet.api.SystemdHost;
import io.skerry.fleet.engine.Engine;
import io.skerry.fleet.engine.EngineMetrics;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.EtcdFleetStore;
import io.skerry.fleet.store.FleetStore;
import io.skerry.fleet.store.StoreRegistry;
import io.skerry.systemd.journal.Journal;
import io.skerry.systemd.manager.SystemdException;
import io.skerry.systemd.manager.SystemdManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * fleet on one host: agent, engine and API over a client of the store and the host's systemd, both
 * of which stay the caller's to close. Starts whether or not the store can be reached, and goes on
 * trying.
 */
public final class FleetDaemon implements AutoCloseable {
    private static final Log LOG = Log.of(FleetDaemon.class);
    private static final Duration GRACE = Duration.ofMillis(250);
    private static final String LAST_RENEWAL = "last-renewal";
    private static final String LAST_KNOWN = "last-known";

    private final FleetConfig config;
    private final FleetApi api;
    private final Agent agent;
    private final @Nullable Engine engine;
    private final Membership membership;
    private final LastKnown known;
    private final Supplier<List<MachineState>> machines;

    /** In place of the engine's, where there is none. */
    private final @Nullable MachineList machineList;

    private final StoreMembers storeMembers;
    private final FenceGuard fence;

    private FleetDaemon(
            FleetConfig config, EtcdClient client, SystemdManager systemd, Metrics metrics)
            throws IOException {
        // Before anything has a thread: this is what may fail.
        Files.createDirectories(config.unitsDirectory());
        this.config = config;
        String machineId = config.machine().id();
        FleetStore store = new EtcdFleetStore(client);
        var registry = new StoreRegistry(store, config.keys());
        this.api =
                new FleetApi(
                        registry,
                        new SystemdHost(machineId, this::barred),
                        config.peers(),
                        config.access(),
                        config.pageSize(),
                        metrics);
        this.agent =
                new Agent(
                        config.machine(),
                        store,
                        config.keys(),
                        systemd,
                        new Journal(),
                        config.unitsDirectory(),
                        client.clock(),
                        new AgentMetrics(metrics));
        this.engine =
                config.engine()
                        ? new Engine(
                                machineId,
                                store,
                                config.keys(),
                                config.leaseTtl(),
                                GRACE,
                                client.clock(),
                                new EngineMetrics(metrics, InstantSource.system()))
                        : null;
        if (engine == null) {
            var list = new MachineList(store, config.keys());
            this.machineList = list;
            this.machines = list::machines;
        } else {
            this.machineList = null;
            this.machines = engine::machines;
        }
        Path unitsDirectory = config.unitsDirectory();
        this.known =
                new LastKnown(unitsDirectory.resolveSibling(LAST_KNOWN), config.storeMembers());
        this.storeMembers = new StoreMembers(client::voters, known::members);
        Path lastRenewal = unitsDirectory.resolveSibling(LAST_RENEWAL);
        this.fence =
                new FenceGuard(
                        new Fence(config.leaseTtl(), config.fenceMargin()),
                        known,
                        new Witnesses(
                                machineId, known::machines, config.peers(), Witnesses.PATIENCE),
                        lastRenewal,
                        agent::fence);
        this.membership =
                new Membership(
                        client,
                        store,
                        config.keys(),
                        config.machine(),
                        config.leaseTtl(),
                        new News(client));
    }

    /**
     * Starts everything.
     *
     * @param listeners where the API is served; the caller closes them after this
     * @throws IOException when an address or a directory cannot be used; nothing runs then
     * @throws SystemdException when the host's systemd does not answer; nothing runs then
     */
    public static FleetDaemon start(
            FleetConfig config,
            EtcdClient client,
            SystemdManager systemd,
            ApiListeners listeners,
            Metrics metrics)
            throws IOException, SystemdException {
        var daemon = new FleetDaemon(config, client, systemd, metrics);
        try {
            daemon.agent.start();
            listeners.serve(daemon.api.router());
            daemon.membership.start();
            return daemon;
        } catch (IOException | SystemdException | RuntimeException e) {
            daemon.stop();
            throw e;
        }
    }

    /** Carries the membership's news to agent, engine and fence. */
    private final class News implements Membership.Events {
        private final EtcdClient client;

        News(EtcdClient client) {
            this.client = client;
        }

        @Override
        public void entered(LeaseKeeper lease, long formerLease) {
            long id = lease.id().value();
            agent.entered(
                    id,
                    () -> {
                        if (formerLease != 0) {
                            Thread.ofVirtual()
                                    .name("fleet-revoke")
                                    .start(() -> membership.revoke(formerLease));
                        }
                    });
            if (engine != null) {
                engine.lease(id);
            }
        }

        @Override
        public void renewed(Duration sent) {
            fence.renewed(client.clock().now().minus(sent));
            known.machines(machines.get());
            agent.leaseRenewed();
            if (engine != null) {
                engine.storeAnswered(sent);
            }
        }

        @Override
        public void lost() {
            agent.leaseLost();
            if (engine != null) {
                engine.lease(0);
            }
        }
    }

    private Optional<String> barred() {
        return membership.duplicate();
    }

    /** Why this host is not in the cluster; empty when it is. */
    public Optional<String> problem() {
        return membership.problem();
    }

    /**
     * Leaves the cluster for good: gives the units back, so that they start elsewhere, stops them,
     * and goes. To be called when the host shuts down; a mere restart of this program calls {@link
     * #close} only, and its units stay.
     *
     * @param patience for the stopping of units, after {@link FleetConfig#handover}; then it goes
     *     although units are left
     */
    public void leave(Duration patience) throws InterruptedException {
        LOG.info("leaving the cluster");
        boolean empty = agent.leave(config.handover().plus(patience), config.handover());
        if (!empty) {
            LOG.warn("not all units could be given back in time", "patience", patience);
        }
        stop();
        if (empty) {
            membership.resign();
        }
    }

    /** Ends this program's part; units stay, and the next process of this host takes over. */
    @Override
    public void close() {
        stop();
    }

    private void stop() {
        api.close();
        fence.close();
        storeMembers.close();
        if (machineList != null) {
            machineList.close();
        }
        if (engine != null) {
            engine.close();
        }
        agent.close();
        membership.close();
    }
}
