package io.skerry.node.playground;

import io.skerry.base.process.Command;
import io.skerry.base.tls.TlsIdentity;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdException;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.config.ConfigFault;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.etcdv2.EtcdV2Store;
import io.skerry.flannel.etcdv2.KeysApi;
import io.skerry.flannel.subnet.EtcdSubnetStore;
import io.skerry.flannel.subnet.Lease;
import io.skerry.flannel.subnet.StoreException;
import io.skerry.flannel.subnet.SubnetKeys;
import io.skerry.flannel.subnet.SubnetView;
import io.skerry.node.playground.OverlayView.HostView;
import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.HostState;
import io.skerry.testbed.hosts.Playground;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Asks the store for the network, and the hosts' kernels for what they hold of it. */
final class OverlayQuery {
    private OverlayQuery() {}

    /**
     * Empty while the cluster has no network.
     *
     * @param etcdV2 whether its keys are those of etcd's v2 API
     */
    static Optional<OverlayView> read(Session session, boolean etcdV2)
            throws IOException, InterruptedException {
        ClusterAccess access = session.access();
        Optional<SubnetView> stored = etcdV2 ? storedByV2(access) : stored(access);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        List<Lease> leases =
                stored.get().leases().stream().sorted(Comparator.comparing(Lease::subnet)).toList();
        List<HostView> hosts = session.isThisMachine() ? here(leases) : hosts(session.existing());
        try {
            return Optional.of(
                    new OverlayView(
                            stored.get().config(),
                            NetworkJson.parse(stored.get().config()).config(),
                            leases,
                            hosts));
        } catch (ConfigFault e) {
            throw new IOException(
                    "the network's configuration cannot be used: " + e.getMessage(), e);
        }
    }

    private static Optional<SubnetView> stored(ClusterAccess access)
            throws IOException, InterruptedException {
        try (EtcdClient client = PlaygroundNetwork.client(access)) {
            var keys = new SubnetKeys(SubnetKeys.DEFAULT_PREFIX);
            return new EtcdSubnetStore(client, keys).read();
        } catch (EtcdException e) {
            throw new IOException("the store does not tell: " + e.getMessage(), e);
        }
    }

    private static Optional<SubnetView> storedByV2(ClusterAccess access)
            throws IOException, InterruptedException {
        var tls = TlsIdentity.clientContext(access.tls(), access.tls().trustedCa(), true);
        try (var api = new KeysApi(PlaygroundNetwork.endpoints(access), tls)) {
            var keys = new SubnetKeys(SubnetKeys.DEFAULT_PREFIX);
            return new EtcdV2Store(api, keys, EtcdV2Store.DEFAULT_RENEW_MARGIN).read();
        } catch (StoreException e) {
            throw new IOException("the store does not tell: " + e.getMessage(), e);
        }
    }

    private static List<HostView> hosts(Playground playground)
            throws IOException, InterruptedException {
        var views = new ArrayList<HostView>();
        for (Host host : playground.hosts()) {
            if (playground.state(host) == HostState.RUNNING) {
                String[] command = HostTables.COMMAND.toArray(String[]::new);
                String output = playground.run(host, command).orThrow().stdout();
                views.add(
                        new HostView(
                                host.name(), Ip4.of(host.address()), HostTables.parse(output)));
            }
        }
        return views;
    }

    /** This machine goes by the lease of an address that is its own. */
    private static List<HostView> here(List<Lease> leases)
            throws IOException, InterruptedException {
        String output = Command.of(HostTables.COMMAND).check().stdout();
        String addresses = Command.of("ip", "-br", "addr").check().stdout();
        for (Lease lease : leases) {
            Ip address = lease.value().publicIp();
            if (addresses.contains(" " + address + "/")) {
                return List.of(new HostView("here", address, HostTables.parse(output)));
            }
        }
        return List.of();
    }
}
