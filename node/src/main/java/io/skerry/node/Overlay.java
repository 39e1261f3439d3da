package io.skerry.node;

import io.skerry.base.log.Log;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.flannel.daemon.FlannelConfig;
import io.skerry.flannel.daemon.FlannelDaemon;
import io.skerry.flannel.daemon.InterfaceChoice;
import io.skerry.flannel.etcdv2.EtcdV2Store;
import io.skerry.flannel.etcdv2.KeysApi;
import io.skerry.flannel.subnet.EtcdNetworkStore;
import io.skerry.flannel.subnet.NetworkStore;
import io.skerry.flannel.subnet.SubnetKeys;
import io.skerry.node.config.FlannelSettings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * This host's part in the overlay network, with a client of its own. It waits for a configuration
 * in the store for as long as there is none.
 */
final class Overlay {
    private static final Log LOG = Log.of(Overlay.class);

    /** What reaches the store. */
    private record Reach(NetworkStore store, Runnable end) {}

    private final Reach reach;
    private final FlannelDaemon daemon;

    private Overlay(Reach reach, FlannelDaemon daemon) {
        this.reach = reach;
        this.daemon = daemon;
    }

    static Overlay start(
            FlannelSettings settings, EtcdEndpoints store, Network network, Metrics metrics)
            throws IOException {
        var config =
                new FlannelConfig(
                        new SubnetKeys(settings.prefix()),
                        new InterfaceChoice(
                                List.of(settings.networkInterface()),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        settings.subnetFile(),
                        settings.masquerade(),
                        true,
                        settings.leaseTtl(),
                        FlannelConfig.DEFAULT_LOOK_INTERVAL,
                        carrierCommand(),
                        settings.cniConf());
        Reach reach = reach(settings, config.keys(), store, network);
        // The rest of the node goes on without the network.
        return new Overlay(
                reach,
                FlannelDaemon.start(
                        config,
                        reach.store(),
                        metrics,
                        why -> LOG.error("there is no overlay network", "why", why)));
    }

    private static Reach reach(
            FlannelSettings settings, SubnetKeys keys, EtcdEndpoints store, Network network)
            throws IOException {
        if (settings.etcdV2()) {
            TlsFiles tls = store.tls();
            var api =
                    new KeysApi(
                            store,
                            TlsIdentity.clientContext(
                                    tls, tls == null ? null : tls.trustedCa(), true));
            var margin = EtcdV2Store.renewMargin(settings.leaseTtl());
            return new Reach(new EtcdV2Store(api, keys, margin), api::close);
        }
        var client = EtcdClient.connect(store, network);
        return new Reach(new EtcdNetworkStore(client, keys), client::close);
    }

    /** A unit beside the node's, which goes on when the node is killed; none without a launcher. */
    private static List<String> carrierCommand() {
        String launcher = System.getProperty("skerry.launcher", "");
        return launcher.isEmpty() ? List.of() : List.of(launcher, "flannel", "carry");
    }

    /** What the kernel was given stays; a host that goes for good gives its subnet back. */
    void stop() throws InterruptedException {
        if (OwnUnit.isStoppedForGood()) {
            daemon.leave();
        } else {
            daemon.close();
        }
        reach.end().run();
    }
}
