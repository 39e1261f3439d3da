package io.skerry.node.playground;

import io.skerry.base.process.Command;
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
     * Empty while there is no network.
     *
     * @param keys where it is
     */
    static Optional<OverlayView> read(Session session, NetworkKeys keys)
            throws IOException, InterruptedException {
        Optional<SubnetView> stored =
                keys.etcdV2() ? storedByV2(session, keys) : stored(session, keys);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        List<Lease> leases =
                stored.get().leases().stream().sorted(Comparator.comparing(Lease::subnet)).toList();
        List<String> command = HostTables.command(keys.subnetFile());
        List<HostView> hosts =
                keys.isThisMachine(session)
                        ? here(leases, command)
                        : hosts(session.existing(), command);
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

    private static Optional<SubnetView> stored(Session session, NetworkKeys keys)
            throws IOException, InterruptedException {
        try (EtcdClient client = EtcdClient.connect(keys.endpoints(session))) {
            return new EtcdSubnetStore(client, keys.keys()).read();
        } catch (EtcdException e) {
            throw new IOException("the store does not tell: " + e.getMessage(), e);
        }
    }

    private static Optional<SubnetView> storedByV2(Session session, NetworkKeys keys)
            throws IOException, InterruptedException {
        try (KeysApi api = keys.keysApi(session)) {
            return new EtcdV2Store(api, keys.keys(), EtcdV2Store.DEFAULT_RENEW_MARGIN).read();
        } catch (StoreException e) {
            throw new IOException("the store does not tell: " + e.getMessage(), e);
        }
    }

    private static List<HostView> hosts(Playground playground, List<String> command)
            throws IOException, InterruptedException {
        var views = new ArrayList<HostView>();
        for (Host host : playground.hosts()) {
            if (playground.state(host) == HostState.RUNNING) {
                String[] words = command.toArray(String[]::new);
                String output = playground.run(host, words).orThrow().stdout();
                views.add(
                        new HostView(
                                host.name(), Ip4.of(host.address()), HostTables.parse(output)));
            }
        }
        return views;
    }

    /** This machine goes by the lease of an address that is its own. */
    private static List<HostView> here(List<Lease> leases, List<String> command)
            throws IOException, InterruptedException {
        String output = Command.of(command).check().stdout();
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
