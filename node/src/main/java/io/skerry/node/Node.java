package io.skerry.node;

import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.log.Log;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.fleet.api.FleetApi;
import io.skerry.fleet.api.Peers;
import io.skerry.fleet.daemon.ApiListeners;
import io.skerry.fleet.daemon.FleetConfig;
import io.skerry.fleet.daemon.FleetDaemon;
import io.skerry.fleet.daemon.HostCapacity;
import io.skerry.fleet.daemon.HostIdentity;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.Keys;
import io.skerry.node.config.FleetSettings;
import io.skerry.node.config.NodeConfig;
import io.skerry.node.config.Role;
import io.skerry.systemd.manager.DbusSystemdManager;
import io.skerry.systemd.manager.SystemdManager;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Everything that runs on one host: its member of the store, then the overlay network and fleet,
 * each over a client of all members. {@link #close} stops it in reverse order.
 */
public final class Node implements ServerProcess.HandingOver, AutoCloseable {
    private static final Log LOG = Log.of(Node.class);
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PEER_TIMEOUT = Duration.ofSeconds(15);

    /** To move this host's units away when it stops for good; the rest of the stop needs little. */
    static final Duration LEAVE_LIMIT = Duration.ofSeconds(15);

    private final NodeConfig config;
    private final Network network = Network.start();
    private final Metrics metrics = new Metrics();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private Node(NodeConfig config) {
        this.config = config;
        parts.push(network);
    }

    /**
     * Starts what the host's roles name. Returns when it serves; the cluster need not be complete.
     *
     * @param fatal is told why the host's part cannot go on; close it then
     */
    public static Node start(NodeConfig config, String version, Consumer<String> fatal)
            throws Exception {
        return start(
                config,
                version,
                () -> DbusSystemdManager.connect(DbusSystemdManager.SYSTEM_BUS),
                fatal);
    }

    /** As the other one, with another systemd than that of this host. */
    public static Node start(
            NodeConfig config,
            String version,
            Callable<SystemdManager> systemd,
            Consumer<String> fatal)
            throws Exception {
        var node = new Node(config);
        try {
            node.open(version, systemd, fatal);
            return node;
        } catch (Exception e) {
            node.close();
            throw e;
        }
    }

    private void open(String version, Callable<SystemdManager> connection, Consumer<String> fatal)
            throws Exception {
        if (config.roles().contains(Role.ETCD)) {
            parts.push(StoreMember.start(config, network, metrics, fatal));
        }
        if (config.flannel().isPresent()) {
            var overlay = Overlay.start(config.flannel().get(), endpoints(), network, metrics);
            parts.push(overlay::stop);
        }
        if (config.fleet().isPresent()) {
            var client = EtcdClient.connect(endpoints(), network);
            parts.push(client);
            var systemd = connection.call();
            parts.push(systemd);
            var own = config.fleet().get();
            var settings = settings(own, version);
            var services = new GrpcRouter();
            if (own.containers()) {
                // Ends after fleet, whose units have their containers cleared when they stop.
                parts.push(
                        HostContainers.start(
                                config, settings, own.port(), network, client, services));
            }
            var listeners = new ApiListeners(network, addresses(own), List.of(), services);
            parts.push(listeners);
            var fleet = FleetDaemon.start(settings, client, systemd, listeners, metrics);
            parts.push(() -> close(fleet));
        }
    }

    /** All members, this host's own first: it is asked before others are. */
    private EtcdEndpoints endpoints() throws IOException {
        var uris = new ArrayList<URI>(config.store().endpoints());
        if (uris.remove(config.clientUrl())) {
            uris.addFirst(config.clientUrl());
        }
        var endpoints = new EtcdEndpoints(uris, tls("client"), STORE_TIMEOUT);
        var user = config.store().user();
        return user.isEmpty() ? endpoints : endpoints.as(user.get().signIn());
    }

    private FleetConfig settings(FleetSettings fleet, String version) throws IOException {
        var machine =
                new MachineState(
                        HostIdentity.machineId(),
                        config.address(),
                        new TreeMap<>(fleet.metadata()),
                        HostIdentity.bootId(),
                        version,
                        false,
                        false,
                        HostCapacity.read());
        return new FleetConfig(
                machine,
                new Keys(Keys.DEFAULT_PREFIX),
                fleet.leaseTtl(),
                fleet.handover(),
                fleet.engine(),
                fleet.unitsDirectory(),
                Peers.at(fleet.port(), tls("client"), PEER_TIMEOUT),
                fleet.access(),
                FleetApi.DEFAULT_PAGE_SIZE,
                config.store().endpoints());
    }

    private List<ApiListeners.Address> addresses(FleetSettings fleet) {
        return List.of(
                new ApiListeners.Address(new ListenUrl.Unix(fleet.socket()), null),
                new ApiListeners.Address(
                        new ListenUrl.Tcp(config.address(), fleet.port(), true),
                        tls("server", fleet.access().certificateRequired())));
    }

    private TlsFiles tls(String use) {
        return tls(use, true);
    }

    private TlsFiles tls(String use, boolean clientCertificates) {
        return new TlsFiles(
                config.pki(use + ".crt"),
                config.pki(use + ".key"),
                config.pki("ca.crt"),
                clientCertificates);
    }

    /** A restart leaves units where they are; a host that goes for good hands them over first. */
    private static void close(FleetDaemon fleet) throws InterruptedException {
        if (OwnUnit.isStoppedForGood()) {
            fleet.leave(LEAVE_LIMIT);
        } else {
            fleet.close();
        }
    }

    @Override
    public Duration handover() {
        return config.fleet().map(FleetSettings::handover).orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        for (var part : List.copyOf(parts)) {
            parts.remove(part);
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("a part of the node did not stop cleanly", e);
            }
        }
    }
}
