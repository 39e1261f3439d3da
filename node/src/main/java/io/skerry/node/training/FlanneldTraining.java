package io.skerry.node.training;

import com.google.protobuf.ByteString;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.process.Command;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.daemon.FlannelConfig;
import io.skerry.flannel.daemon.FlannelDaemon;
import io.skerry.flannel.daemon.InterfaceChoice;
import io.skerry.flannel.kernel.NetworkNamespace;
import io.skerry.flannel.kernel.Rtnetlink;
import io.skerry.flannel.subnet.Acquisition;
import io.skerry.flannel.subnet.Endpoint;
import io.skerry.flannel.subnet.EtcdNetworkStore;
import io.skerry.flannel.subnet.LeaseValue;
import io.skerry.flannel.subnet.SubnetKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A host's part in an overlay network over the training store. Where the build is root's it is a
 * whole host, in a network namespace of its own that is gone with this process: the machine's
 * network stays as it is. Elsewhere it comes no further than to look for an interface that is not
 * there, and what only root may ask the kernel is left out.
 */
final class OverlayTraining {
    private static final SubnetKeys KEYS = new SubnetKeys("/training/network");
    private static final String JSON =
            "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}";
    private static final String NO_SUCH_INTERFACE = "skerry-training";
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PEERS = 40;

    private OverlayTraining() {}

    static void run(EtcdEndpoints store, Path folder) throws Exception {
        try (var client = EtcdClient.connect(store)) {
            client.put(KEYS.config(), ByteString.copyFromUtf8(JSON));
            try (var namespace = NetworkNamespace.unnamed()) {
                namespace.on(() -> {
                    takeWholePart(client, folder);
                    return true;
                });
            } catch (IOException e) {
                System.err.println("training: no host of its own: " + e.getMessage());
                takePart(client, folder);
                claim(client);
            }
            client.deletePrefix(KEYS.prefix());
        }
    }

    private static void takeWholePart(EtcdClient client, Path folder) throws Exception {
        Command.of("ip", "-batch", "-")
                .stdin(
                        """
                        link set lo up
                        link add eth0 type veth peer name eth1
                        link set eth1 up
                        addr add 10.88.0.11/16 dev eth0
                        link set eth0 up
                        route add default via 10.88.0.1
                        """)
                .check();
        putPeers(client, 0);
        try (var kernel = Rtnetlink.open();
                var daemon =
                        FlannelDaemon.start(
                                config(InterfaceChoice.DEFAULT, folder),
                                new EtcdNetworkStore(client, KEYS),
                                new Metrics(),
                                why -> System.err.println("training: " + why))) {
            if (daemon.awaitReady(LIMIT)) {
                putPeers(client, PEERS);
                long end = System.nanoTime() + LIMIT.toNanos();
                while (routes(kernel) < 2 * PEERS && System.nanoTime() < end) {
                    TimeUnit.MILLISECONDS.sleep(10);
                }
            }
            daemon.leave();
        }
    }

    private static long routes(Rtnetlink kernel) throws IOException {
        return kernel.observe(Optional.empty(), Family.IPV4).routes().stream()
                .filter(route -> route.destination().length() == 24)
                .count();
    }

    private static void putPeers(EtcdClient client, int first) throws Exception {
        for (int i = first; i < first + PEERS; i++) {
            var mac = Optional.of(Mac.local(i));
            var value =
                    new LeaseValue(
                            PerFamily.only(Family.IPV4, new Endpoint(new Ip4(0x0a580100 + i), mac)),
                            "vxlan",
                            1);
            client.put(
                    KEYS.subnets() + "10.77." + (i + 10) + ".0-24",
                    ByteString.copyFromUtf8(value.json()));
        }
    }

    private static void takePart(EtcdClient client, Path folder) throws InterruptedException {
        var nowhere =
                new InterfaceChoice(
                        List.of(NO_SUCH_INTERFACE),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        try (var daemon =
                FlannelDaemon.start(
                        config(nowhere, folder),
                        new EtcdNetworkStore(client, KEYS),
                        new Metrics(),
                        _ -> {})) {
            long end = System.nanoTime() + LIMIT.toNanos();
            while (daemon.problem().filter(OverlayTraining::isLast).isEmpty()
                    && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    private static FlannelConfig config(InterfaceChoice interfaces, Path folder) {
        return new FlannelConfig(
                KEYS,
                interfaces,
                folder.resolve("subnet.env"),
                false,
                true,
                LEASE,
                FlannelConfig.DEFAULT_LOOK_INTERVAL,
                List.of(),
                Optional.empty());
    }

    private static boolean isLast(String problem) {
        return problem.contains(NO_SUCH_INTERFACE) || problem.contains("kernel");
    }

    private static void claim(EtcdClient client) throws Exception {
        try (var tenure = new EtcdNetworkStore(client, KEYS).begin(LEASE, () -> {})) {
            var value = LeaseValue.of(new Ip4(0x0a580001), "vxlan");
            var _ =
                    new Acquisition(tenure, new SplittableRandom(1))
                            .acquire(NetworkJson.parse(JSON).config(), value, List.of());
        }
    }
}
