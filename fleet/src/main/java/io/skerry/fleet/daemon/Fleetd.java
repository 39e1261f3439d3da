package io.skerry.fleet.daemon;

import io.skerry.base.http.ListenUrl;
import io.skerry.base.log.Log;
import io.skerry.base.log.LogSetup;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.Network;
import io.skerry.base.net.PassedSocket;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.fleet.api.Peers;
import io.skerry.fleet.conf.ConfException;
import io.skerry.fleet.conf.FleetConf;
import io.skerry.fleet.model.MachineState;
import io.skerry.systemd.manager.SystemdException;
import io.skerry.systemd.manager.SystemdManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * fleet alone in a process, over any etcd v3 cluster: {@link FleetDaemon} with a client of the
 * store, as {@code fleet.conf} says. {@link #reload} reads that again and starts anew under the
 * sockets that stay; units stay, too. Thread-safe.
 */
public final class Fleetd implements AutoCloseable {
    private static final Log LOG = Log.of(Fleetd.class);
    private static final Duration PEER_TIMEOUT = Duration.ofSeconds(15);

    /** Where the API is when nobody says anything, as in the original. */
    private static final ListenUrl DEFAULT_LISTEN =
            new ListenUrl.Unix(Path.of("/var/run/fleet.sock"));

    /** Reads the options, now or again. */
    @FunctionalInterface
    public interface Source {
        /** All of them as they are now. */
        FleetConf read() throws ConfException;
    }

    /** All that is read before anything starts, and the store's client, which the caller closes. */
    private record Prepared(FleetConf conf, FleetConfig config, EtcdClient client) {}

    /** What runs until the next reload, and what it was made of. */
    private record Running(FleetDaemon daemon, Prepared from) {
        EtcdClient client() {
            return from.client();
        }
    }

    private final Source source;
    private final String version;
    private final SystemdManager systemd;
    private final Network network;
    private final ApiListeners listeners;
    private final List<ListenUrl> listen;

    /** As the sockets have it, which stay. */
    private final @Nullable TlsFiles listenTls;

    /** Guarded by this, and so is what it holds; null once closed. */
    private @Nullable Running running;

    private volatile Duration handover = Duration.ZERO;

    private Fleetd(
            Source source,
            FleetConf conf,
            String version,
            SystemdManager systemd,
            List<PassedSocket> passed) {
        this.source = source;
        this.version = version;
        this.systemd = systemd;
        this.network = Network.start();
        this.listen =
                conf.listen().isEmpty() && passed.isEmpty()
                        ? List.of(DEFAULT_LISTEN)
                        : conf.listen();
        this.listenTls = conf.listenTls();
        this.listeners =
                new ApiListeners(
                        network,
                        listen.stream()
                                .map(url -> new ApiListeners.Address(url, tls(url, conf)))
                                .toList(),
                        passed);
    }

    /**
     * Starts everything.
     *
     * @param conf what {@code source} says now
     * @param source is read again at each {@link #reload}
     * @param systemd of this host; stays the caller's to close
     * @param passed sockets of the service manager
     */
    public static Fleetd start(
            FleetConf conf,
            Source source,
            String version,
            SystemdManager systemd,
            List<PassedSocket> passed)
            throws IOException, SystemdException {
        var fleetd = new Fleetd(source, conf, version, systemd, passed);
        try {
            fleetd.open(fleetd.prepare(conf));
            return fleetd;
        } catch (IOException | SystemdException | RuntimeException e) {
            fleetd.close();
            throw e;
        }
    }

    private static @Nullable TlsFiles tls(ListenUrl url, FleetConf conf) {
        return url instanceof ListenUrl.Tcp tcp && tcp.tls() ? conf.listenTls() : null;
    }

    private Prepared prepare(FleetConf conf) throws IOException {
        FleetConfig config = config(conf);
        return new Prepared(conf, config, EtcdClient.connect(conf.store().endpoints(), network));
    }

    private synchronized void open(Prepared next) throws IOException, SystemdException {
        next.conf()
                .peerAddress()
                .filter(address -> !address.tls() && !loopback(address.host()))
                .ifPresent(address ->
                        LOG.warn(
                                "the API is served in clear text to everybody who reaches it",
                                "address",
                                address));
        EtcdClient client = next.client();
        try {
            var daemon =
                    FleetDaemon.start(next.config(), client, systemd, listeners, new Metrics());
            running = new Running(daemon, next);
            handover = next.conf().handover();
        } catch (IOException | SystemdException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private FleetConfig config(FleetConf conf) throws IOException {
        String publicIp = conf.publicIp().isEmpty() ? ownAddress() : conf.publicIp();
        var machine =
                new MachineState(
                        HostIdentity.machineId(),
                        publicIp,
                        conf.metadata(),
                        HostIdentity.bootId(),
                        version,
                        false,
                        false,
                        HostCapacity.read());
        return new FleetConfig(
                machine,
                conf.keys(),
                conf.agentTtl(),
                conf.handover(),
                conf.engine(),
                conf.unitsDirectory(),
                conf.peerAddress()
                        .map(address ->
                                Peers.at(
                                        address.port(),
                                        address.tls() ? conf.listenTls() : null,
                                        PEER_TIMEOUT))
                        .orElse(Peers.none()),
                conf.access(),
                conf.pageSize(),
                conf.store().uris());
    }

    private static boolean loopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    /** The address that connections to other hosts come from. Nothing is sent. */
    private static String ownAddress() throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress("192.0.2.1", 9)); // never anybody's (RFC 5737)
            InetAddress address = socket.getLocalAddress();
            if (!address.isAnyLocalAddress()) {
                return address.getHostAddress();
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("no address on the default route", "cause", e);
        }
        throw new IOException(
                "public_ip is needed: this host has no default route to tell its address by");
    }

    /**
     * Reads the options again and starts anew with them; units, sockets and the connection to
     * systemd stay. Options that cannot be used, that nothing can be started with, or that the
     * sockets would need a restart for, change nothing.
     *
     * @throws IOException when what was stopped does not start again, as it was either; close this
     *     then
     */
    public synchronized void reload() throws IOException, SystemdException {
        Running old = running;
        if (old == null) {
            return;
        }
        FleetConf conf;
        Prepared next;
        try {
            conf = source.read();
            if (!Objects.equals(conf.listenTls(), listenTls)) {
                // The sockets would let in others than the new roles and tokens are made for.
                LOG.error(
                        "listen_*file, or the first or last token, need a restart; the old"
                                + " configuration stays");
                return;
            }
            next = prepare(conf);
        } catch (ConfException e) {
            LOG.error("configuration not reloaded, the old one stays", "why", e.getMessage());
            return;
        } catch (IOException e) {
            // Its message may be but the name of a file.
            LOG.error("configuration not reloaded, the old one stays", "why", e);
            return;
        }
        if (!conf.listen().isEmpty() && !conf.listen().equals(listen)) {
            LOG.warn("other addresses to listen at need a restart", "listen", conf.listen());
        }
        old.daemon().close();
        try {
            open(next);
        } catch (IOException | SystemdException | RuntimeException e) {
            LOG.error("cannot start with the new configuration, the old one stays", "why", e);
            open(old.from());
            return;
        }
        old.client().close();
        LogSetup.level(conf.debug() ? "debug" : "info");
        LOG.info("configuration reloaded", "metadata", conf.metadata());
    }

    /**
     * Leaves the cluster; to be called before {@link #close} when nobody will start this host's
     * fleet again soon.
     *
     * @param patience for the stopping of units, beyond their handover
     */
    public void leave(Duration patience) throws InterruptedException {
        Running last = stopped();
        if (last != null) {
            try (var _ = last.client()) {
                last.daemon().leave(patience);
            }
        }
    }

    /**
     * For how long units go on when this host leaves, as it is configured now; waits for nothing.
     */
    public Duration handover() {
        return handover;
    }

    /** Ends this process's part; units stay. */
    @Override
    public void close() {
        Running last = stopped();
        if (last != null) {
            last.daemon().close();
        }
        listeners.close();
        if (last != null) {
            last.client().close();
        }
        network.close();
    }

    /** What ran; a reload that is under way has ended, and there is none after this. */
    private synchronized @Nullable Running stopped() {
        Running last = running;
        running = null;
        return last;
    }
}
