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
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The overlay network alone, with flanneld's own flags and environment. */
@Command(
        name = "flanneld",
        description = "Give this host a subnet of the overlay network, and reach the others.",
        sortOptions = false,
        customSynopsis = "skerry flanneld [FLAG...]",
        defaultValueProvider = FlanneldEnvironment.class,
        footer = {
            "",
            "Every flag can be given as FLANNELD_IFACE, FLANNELD_ETCD_ENDPOINTS and so on.",
            "Flags of flanneld that have nothing to set here are refused with the reason; all of"
                    + " them stand in docs/flannel.md.",
            "",
            "Examples:",
            "  skerry flanneld --etcd-endpoints http://10.0.0.1:2379",
            "  skerry flanneld --etcd-v2 --etcd-endpoints http://10.0.0.1:4001",
            "  skerry flanneld --iface eth1 --ip-masq --healthz-port 8290"
        })
final class FlanneldCommand implements Callable<Integer> {
    private static final Duration READY_PATIENCE = Duration.ofDays(365);

    @Mixin private FlanneldFlags flags = new FlanneldFlags();

    @Option(
            names = {"--healthz-ip", "-healthz-ip"},
            paramLabel = "IP",
            defaultValue = "0.0.0.0",
            description = "Where to serve health and metrics (default: ${DEFAULT-VALUE}).")
    private String healthIp = "0.0.0.0";

    @Option(
            names = {"--healthz-port", "-healthz-port"},
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port of /healthz, /readyz and /metrics (default: none is served).")
    private int healthPort;

    @Option(
            names = {"-v", "--v"},
            paramLabel = "LEVEL",
            defaultValue = "0",
            description = "1 and more also logs what helps to find faults (default: 0).")
    private int verbosity;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        flags.check(spec);
        LogSetup.install(verbosity > 0 ? "debug" : "info");
        return ServerProcess.run("flanneld", this::start);
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
            if (healthPort != 0) {
                var url = new ListenUrl.Tcp(healthIp, healthPort, false);
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
