package io.skerry.node.training;

import com.google.protobuf.ByteString;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.process.Command;
import io.skerry.base.tls.TlsFiles;
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
import io.skerry.flannel.subnet.Acquisition;
import io.skerry.flannel.subnet.Endpoint;
import io.skerry.flannel.subnet.EtcdNetworkStore;
import io.skerry.flannel.subnet.LeaseValue;
import io.skerry.flannel.subnet.SubnetKeys;
import io.skerry.node.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * {@code skerry flanneld} over the training store. Where the build is root's it is a whole host, in
 * a network namespace of its own that is gone with this process: the machine's network stays as it
 * is. Elsewhere it comes no further than to look for an interface that is not there, and what only
 * root may ask the kernel is left out.
 */
public final class FlanneldTraining {
    private static final SubnetKeys KEYS = new SubnetKeys("/training/network");
    private static final String JSON =
            "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}";
    private static final String NO_SUCH_INTERFACE = "skerry-training";
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int PEERS = 40;

    private FlanneldTraining() {}

    /** The only argument is the folder of {@link ServerTraining}, which serves meanwhile. */
    public static void main(String[] args) throws Exception {
        var folder = Path.of(args[0]).toAbsolutePath();
        var store = URI.create(Files.readString(folder.resolve("store-url")));
        try (var client = EtcdClient.connect(endpoints(folder, store))) {
            client.put(KEYS.config(), ByteString.copyFromUtf8(JSON));
            try (var namespace = NetworkNamespace.unnamed()) {
                Relay relay =
                        namespace.on(() -> {
                            makeLinks();
                            return Relay.listen();
                        });
                relay.start(new InetSocketAddress(store.getHost(), store.getPort()));
                takeWholePart(namespace, client, folder, relay.port());
            } catch (IOException e) {
                System.err.println("training: no host of its own: " + e.getMessage());
                takePart(client, folder);
                claim(client);
            }
        }
        System.exit(0); // as a signal ends it: the daemon stops in order
    }

    private static EtcdEndpoints endpoints(Path folder, URI store) {
        var identity =
                new TlsFiles(
                        folder.resolve("pki/client.crt"),
                        folder.resolve("pki/client.key"),
                        folder.resolve("pki/ca.crt"),
                        false);
        return new EtcdEndpoints(List.of(store), identity, LIMIT);
    }

    private static void makeLinks() throws Exception {
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
    }

    /** Through the command line, as a real start comes. */
    private static void takeWholePart(
            NetworkNamespace namespace, EtcdClient client, Path folder, int port) throws Exception {
        putPeers(client, 0);
        boolean started =
                namespace.on(() -> {
                    Thread.ofPlatform().daemon().start(() -> flanneld(folder, port));
                    return true;
                });
        long end = System.nanoTime() + LIMIT.toNanos();
        while (started && routes(namespace) < PEERS && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        putPeers(client, PEERS);
        while (routes(namespace) < 2 * PEERS && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static void flanneld(Path folder, int port) {
        var nowhere = new PrintWriter(Writer.nullWriter());
        Main.run(
                nowhere,
                nowhere,
                "flanneld",
                "--etcd-endpoints=https://127.0.0.1:" + port,
                "--etcd-cafile=" + folder.resolve("pki/ca.crt"),
                "--etcd-certfile=" + folder.resolve("pki/client.crt"),
                "--etcd-keyfile=" + folder.resolve("pki/client.key"),
                "--etcd-prefix=" + KEYS.prefix(),
                "--subnet-file=" + folder.resolve("subnet.env"));
    }

    private static long routes(NetworkNamespace namespace) throws Exception {
        return namespace.on(() -> {
            try (var lines = Files.lines(Path.of("/proc/thread-self/net/route"))) {
                return lines.filter(line -> line.startsWith("flannel.1")).count();
            }
        });
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
            while (daemon.problem().filter(FlanneldTraining::isLast).isEmpty()
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
