package io.skerry.node;

import io.skerry.base.grpc.GrpcContext;
import io.skerry.base.grpc.GrpcRouter;
import io.skerry.base.http.HttpListener;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.log.Log;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.containers.remote.HostService;
import io.skerry.containers.remote.UnitSocket;
import io.skerry.containers.run.Containers;
import io.skerry.containers.run.HostContainerd;
import io.skerry.containers.run.HostSubnet;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.flannel.subnet.SubnetKeys;
import io.skerry.fleet.access.AccessRules;
import io.skerry.fleet.access.Role;
import io.skerry.fleet.access.Subject;
import io.skerry.fleet.daemon.FleetConfig;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.EtcdFleetStore;
import io.skerry.fleet.store.Registry;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.StoreRegistry;
import io.skerry.node.config.FlannelSettings;
import io.skerry.node.config.NodeConfig;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** The images and containers of this host. Nothing runs for them until the first is asked for. */
final class HostContainers implements AutoCloseable {
    private static final Log LOG = Log.of(HostContainers.class);

    private final HostContainerd containerd;
    private final HostSubnet subnet;
    private final HttpListener socket;

    private HostContainers(HostContainerd containerd, HostSubnet subnet, HttpListener socket) {
        this.containerd = containerd;
        this.subnet = subnet;
        this.socket = socket;
    }

    /**
     * Serves the host's units at once, and the cluster's clients at the addresses where {@code
     * services} is served.
     *
     * @param port of the API on every host
     */
    static HostContainers start(
            NodeConfig config,
            FleetConfig fleet,
            int port,
            Network network,
            EtcdClient store,
            GrpcRouter services)
            throws IOException, InterruptedException {
        var containerd = new HostContainerd(network, config.dataDirectory().resolve("containers"));
        containerd.clearScratch();
        var subnet =
                HostSubnet.follow(
                        config.flannel()
                                .map(FlannelSettings::subnetFile)
                                .orElse(HostSubnet.USUAL_FILE),
                        () ->
                                config.flannel().isPresent()
                                        && hasNetwork(config.flannel().get(), store));
        var containers = new Containers(containerd, subnet);
        var registry = new StoreRegistry(new EtcdFleetStore(store), fleet.keys());
        var identity =
                new TlsFiles(
                        config.pki("client.crt"),
                        config.pki("client.key"),
                        config.pki("ca.crt"),
                        true);
        new HostService(
                        fleet.machine().id(),
                        containerd,
                        containers,
                        network,
                        id -> find(registry, id, port),
                        identity,
                        (caller, onlyReads) -> refusal(fleet.access(), caller, onlyReads))
                .addTo(services);
        HttpListener socket = UnitSocket.open(network, containers);
        Thread.ofVirtual().name("clear-containers").start(() -> clearDead(containers));
        containers.followSubnet();
        return new HostContainers(containerd, subnet, socket);
    }

    /** Without an answer there may be none; a container follows when it gets its subnet later. */
    private static boolean hasNetwork(FlannelSettings flannel, EtcdClient store)
            throws InterruptedException {
        try {
            return store.get(new SubnetKeys(flannel.prefix()).config()).isPresent();
        } catch (EtcdException e) {
            LOG.warn("it is not known whether there is an overlay network", e);
            return false;
        }
    }

    private static URI find(Registry registry, String machineId, int port) throws IOException {
        try {
            return registry.machines().stream()
                    .filter(machine -> machine.id().equals(machineId))
                    .map(MachineState::publicIp)
                    .map(address -> new ListenUrl.Tcp(address, port, true))
                    .map(url -> URI.create(url.toString()))
                    .findFirst()
                    .orElseThrow(() ->
                            new IOException("host " + machineId + " is not in the cluster now"));
        } catch (RegistryException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** The roles are those of fleet's API: lists are for all of them, the rest is an operator's. */
    static Optional<String> refusal(AccessRules rules, GrpcContext caller, boolean onlyReads) {
        Role needed = onlyReads ? Role.READ_ONLY : Role.OPERATOR;
        X509Certificate certificate = caller.peerCertificate();
        Optional<Role> role;
        String who;
        if (certificate != null) {
            var owner = Subject.Owner.of(certificate.getSubjectX500Principal().getName());
            who = owner.commonName();
            role = rules.of(owner);
        } else if (caller.remoteAddress().matches(".*:[0-9]+")) {
            who = "anonymous";
            role = rules.ofAnonymous();
        } else {
            who = "local"; // the Unix socket, which only root may open
            role = Optional.of(Role.ADMIN);
        }
        return role.filter(known -> known.includes(needed)).isPresent()
                ? Optional.empty()
                : Optional.of(
                        who
                                + " may not do this: it needs the role "
                                + needed.word()
                                + ", by a client certificate");
    }

    private static void clearDead(Containers containers) {
        try {
            containers.clearDead();
        } catch (IOException e) {
            LOG.warn("containers that ended before could not be cleared", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        socket.close();
        try {
            subnet.close();
        } catch (IOException e) {
            LOG.warn("the host's subnet is still followed", e);
        }
        containerd.close();
    }
}
