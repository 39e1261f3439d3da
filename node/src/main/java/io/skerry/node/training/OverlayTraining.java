package io.skerry.node.training;

import com.google.protobuf.ByteString;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.process.Command;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.daemon.FlannelConfig;
import io.skerry.flannel.daemon.FlannelDaemon;
import io.skerry.flannel.daemon.InterfaceChoice;
import io.skerry.flannel.kernel.Rtnetlink;
import io.skerry.flannel.plan.Difference;
import io.skerry.flannel.plan.Identity;
import io.skerry.flannel.plan.Peer;
import io.skerry.flannel.plan.Plan;
import io.skerry.flannel.plan.Underlay;
import io.skerry.flannel.subnet.Acquisition;
import io.skerry.flannel.subnet.EtcdSubnetStore;
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
 * A host's part in an overlay network over the training store, which comes no further than to look
 * for an interface that is not there; and beside it what it would do next, but for changing
 * anything: this machine's network stays as it is. What only root may ask the kernel is left out
 * where the build is not root's.
 */
final class OverlayTraining {
    private static final SubnetKeys KEYS = new SubnetKeys("/training/network");
    private static final String JSON =
            "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}";
    private static final String NO_SUCH_INTERFACE = "skerry-training";
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private OverlayTraining() {}

    static void run(EtcdEndpoints store, Path folder) throws Exception {
        try (var client = EtcdClient.connect(store)) {
            client.put(KEYS.config(), ByteString.copyFromUtf8(JSON));
            takePart(client, folder);
            claim(client);
            plan();
            Command.of("true").check();
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
        var config =
                new FlannelConfig(
                        KEYS,
                        nowhere,
                        folder.resolve("subnet.env"),
                        false,
                        false,
                        LEASE,
                        FlannelConfig.DEFAULT_LOOK_INTERVAL,
                        List.of(),
                        Optional.empty());
        try (var daemon = FlannelDaemon.start(config, client, new Metrics(), _ -> {})) {
            long end = System.nanoTime() + LIMIT_NANOS;
            while (daemon.problem().filter(OverlayTraining::isLast).isEmpty()
                    && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    private static boolean isLast(String problem) {
        return problem.contains(NO_SUCH_INTERFACE) || problem.contains("kernel");
    }

    private static void claim(EtcdClient client) throws Exception {
        try (var lease = client.keepLease(LEASE, () -> {})) {
            var value = LeaseValue.of(new Ip4(0x0a580001), "vxlan");
            var subnets = new EtcdSubnetStore(client, KEYS);
            var _ =
                    new Acquisition(subnets, new SplittableRandom(1))
                            .acquire(
                                    NetworkJson.parse(JSON).config(), value, List.of(), lease.id());
            var _ = subnets.read();
        }
    }

    private static void plan() throws Exception {
        var own = Cidr.parse("10.77.1.0/24").orElseThrow();
        var peer = Cidr.parse("10.77.2.0/24").orElseThrow();
        var host = Cidr.parse("10.88.0.1/24").orElseThrow();
        var mac = Mac.local(1);
        var wanted =
                Plan.of(
                        NetworkJson.parse(JSON).config(),
                        new Underlay("eth0", 1, host, host.address(), 1500),
                        own,
                        Identity.of(mac),
                        List.of(
                                new Peer(
                                        peer,
                                        new Ip4(0x0a580002),
                                        "vxlan",
                                        Optional.of(mac),
                                        Optional.empty())));
        try (var kernel = Rtnetlink.open()) {
            var _ = kernel.defaultDevice(Family.IPV4);
            var _ =
                    Difference.between(
                            wanted, kernel.observe(Optional.of("flannel.1"), Family.IPV4));
        } catch (IOException e) {
            System.err.println("training: this build may not ask the kernel: " + e.getMessage());
        }
    }
}
