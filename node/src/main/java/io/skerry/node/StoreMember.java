package io.skerry.node;

import io.skerry.base.http.ListenUrl;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.Network;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.server.ClusterOptions;
import io.skerry.etcd.server.EtcdConfig;
import io.skerry.etcd.server.EtcdServer;
import io.skerry.etcd.server.OperationOptions;
import io.skerry.etcd.server.StorageOptions;
import io.skerry.etcd.server.auth.AuthOptions;
import io.skerry.etcd.server.membership.InitialCluster;
import io.skerry.node.config.NodeConfig;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** This host's member of the store. */
final class StoreMember {
    private StoreMember() {}

    static EtcdServer start(
            NodeConfig config, Network network, Metrics metrics, Consumer<String> fatal)
            throws IOException {
        return EtcdServer.start(
                settings(config), List.of(new FleetProjection()), network, metrics, fatal);
    }

    /** Clients also on loopback, for who is logged in on the host; peers only where they look. */
    static EtcdConfig settings(NodeConfig config) {
        var store = config.store();
        var clients = ListenUrl.parse(config.clientUrl().toString());
        var loopback = new ListenUrl.Tcp("127.0.0.1", store.clientPort(), true);
        return new EtcdConfig(
                config.name(),
                config.dataDirectory().resolve("etcd"),
                clients.equals(loopback) ? List.of(clients) : List.of(clients, loopback),
                List.of(config.clientUrl().toString()),
                List.of(ListenUrl.parse(config.peerUrl().toString())),
                List.of(config.peerUrl().toString()),
                InitialCluster.parse(store.token(), store.initialCluster()),
                store.joining(),
                store.heartbeatInterval(),
                store.electionTimeout(),
                tls(config, "server"),
                tls(config, "peer"),
                EtcdConfig.DEFAULT_SNAPSHOT_COUNT,
                StorageOptions.DEFAULT,
                AuthOptions.DEFAULT.byCertificates(),
                ClusterOptions.DEFAULT,
                OperationOptions.DEFAULT);
    }

    private static TlsFiles tls(NodeConfig config, String use) {
        return new TlsFiles(
                config.pki(use + ".crt"), config.pki(use + ".key"), config.pki("ca.crt"), true);
    }
}
