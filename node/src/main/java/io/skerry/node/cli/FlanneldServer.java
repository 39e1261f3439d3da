package io.skerry.node.cli;

import io.skerry.base.http.HttpListener;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.log.LogSetup;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.Network;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.flannel.daemon.FlannelDaemon;
import io.skerry.flannel.daemon.HealthRoutes;
import io.skerry.flannel.etcdv2.EtcdV2Store;
import io.skerry.flannel.etcdv2.KeysApi;
import io.skerry.flannel.subnet.EtcdNetworkStore;
import io.skerry.flannel.subnet.NetworkStore;
import io.skerry.node.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** The overlay network alone in this process. */
final class FlanneldServer {
    private static final Duration READY_PATIENCE = Duration.ofDays(365);

    private final FlanneldFlags flags;

    private FlanneldServer(FlanneldFlags flags) {
        this.flags = flags;
    }

    /**
     * Serves until the process is told to stop, or cannot go on.
     *
     * @param flags without fault
     * @return exit status
     */
    static int run(FlanneldFlags flags) throws Exception {
        LogSetup.install(flags.logLevel());
        return ServerProcess.run("flanneld", new FlanneldServer(flags)::start);
    }

    /** Returns when the host has its subnet: then systemd is told so. */
    private AutoCloseable start(Consumer<String> fatal) throws Exception {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        AutoCloseable all = () -> close(parts);
        try {
            var network = Network.start(1);
            parts.push(network);
            var metrics = new Metrics();
            var daemon = FlannelDaemon.start(flags.config(), store(network, parts), metrics, fatal);
            parts.push(daemon);
            if (flags.healthPort() != 0) {
                var url = new ListenUrl.Tcp(flags.healthIp(), flags.healthPort(), false);
                var router = new HealthRoutes(daemon, metrics).router();
                parts.push(HttpListener.start(network, url, HttpListener.Options.of(null, router)));
            }
            daemon.awaitReady(READY_PATIENCE);
            return all;
        } catch (Exception e) {
            all.close();
            throw e;
        }
    }

    private NetworkStore store(Network network, Deque<AutoCloseable> parts) throws IOException {
        if (flags.etcdV2()) {
            KeysApi api = flags.keysApi();
            parts.push(api);
            return new EtcdV2Store(api, flags.config().keys(), flags.renewMargin());
        }
        var client = EtcdClient.connect(flags.endpoints(), network);
        parts.push(client);
        return new EtcdNetworkStore(client, flags.config().keys());
    }

    private static void close(Deque<AutoCloseable> parts) throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
