package io.skerry.node;

import io.skerry.base.log.Log;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.Network;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.flannel.daemon.FlannelConfig;
import io.skerry.flannel.daemon.FlannelDaemon;
import io.skerry.flannel.daemon.InterfaceChoice;
import io.skerry.flannel.subnet.EtcdNetworkStore;
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

    private final EtcdClient client;
    private final FlannelDaemon daemon;

    private Overlay(EtcdClient client, FlannelDaemon daemon) {
        this.client = client;
        this.daemon = daemon;
    }

    static Overlay start(
            FlannelSettings settings, EtcdEndpoints store, Network network, Metrics metrics)
            throws IOException {
        var client = EtcdClient.connect(store, network);
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
        // The rest of the node goes on without the network.
        return new Overlay(
                client,
                FlannelDaemon.start(
                        config,
                        new EtcdNetworkStore(client, config.keys()),
                        metrics,
                        why -> LOG.error("there is no overlay network", "why", why)));
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
        client.close();
    }
}
