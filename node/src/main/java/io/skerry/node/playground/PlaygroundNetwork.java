package io.skerry.node.playground;

import com.google.protobuf.ByteString;
import io.skerry.etcd.client.Compare;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.Op;
import io.skerry.etcd.client.Txn;
import io.skerry.flannel.config.ConfigFault;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.daemon.FlannelConfig;
import io.skerry.flannel.subnet.SubnetKeys;
import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.HostState;
import io.skerry.testbed.hosts.Playground;
import io.skerry.testbed.hosts.PlaygroundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Gives a cluster its overlay network, and waits until all hosts have a subnet. */
final class PlaygroundNetwork {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(20);
    private static final long TICK_MILLIS = 50;
    private static final SubnetKeys KEYS = new SubnetKeys(SubnetKeys.DEFAULT_PREFIX);

    private PlaygroundNetwork() {}

    /** The configuration, if every field of it means something. */
    static NetworkConfig checked(String json) throws ConfigFault {
        NetworkJson parsed = NetworkJson.parse(json);
        if (!parsed.unknown().isEmpty()) {
            throw new ConfigFault("no setting " + String.join(", ", parsed.unknown()));
        }
        return parsed.config();
    }

    static EtcdClient client(ClusterAccess access) throws IOException {
        return EtcdClient.connect(endpoints(access));
    }

    static EtcdEndpoints endpoints(ClusterAccess access) {
        List<URI> members = access.storeUrls().stream().map(URI::create).toList();
        return new EtcdEndpoints(members, access.tls(), REQUEST_LIMIT);
    }

    /** Puts the configuration unless there is one; one that says something else is left alone. */
    static void configure(ClusterAccess access, String json)
            throws IOException, InterruptedException {
        try (EtcdClient client = client(access)) {
            var outcome =
                    client.commit(
                            Txn.when(Compare.absent(KEYS.config()))
                                    .then(Op.put(KEYS.config(), ByteString.copyFromUtf8(json)))
                                    .otherwise(Op.get(KEYS.config())));
            if (outcome.succeeded()) {
                return;
            }
            String present = outcome.read(0).entries().getFirst().text();
            if (!means(present, json)) {
                throw new PlaygroundException(
                        "the cluster has a network already: "
                                + present
                                + "; change it with \"skerry etcdctl put "
                                + KEYS.config()
                                + "\", or leave out --network");
            }
        } catch (EtcdException e) {
            throw new IOException("the network could not be configured: " + e.getMessage(), e);
        }
    }

    private static boolean means(String present, String wanted) {
        try {
            return NetworkJson.parse(present).config().equals(NetworkJson.parse(wanted).config());
        } catch (ConfigFault e) {
            return false;
        }
    }

    /** Waits until every host that runs tells its subnet. */
    static void await(Playground playground, Progress progress)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        List<String> missing = missing(playground);
        while (!missing.isEmpty()) {
            String names = String.join(", ", missing);
            progress.step("Waiting for the subnet of " + names);
            if (System.nanoTime() > end) {
                throw new PlaygroundException(
                        names
                                + " got no subnet within "
                                + LIMIT.toSeconds()
                                + " s; \"skerry logs\" says why");
            }
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            missing = missing(playground);
        }
    }

    private static List<String> missing(Playground playground) throws IOException {
        var missing = new ArrayList<String>();
        for (Host host : playground.hosts()) {
            if (playground.state(host) == HostState.RUNNING) {
                var root = playground.processRoot(host);
                if (root.isEmpty() || !hasSubnet(root.get())) {
                    missing.add(host.name());
                }
            }
        }
        return missing;
    }

    private static boolean hasSubnet(Path root) {
        return Files.exists(
                root.resolve(Path.of("/").relativize(FlannelConfig.DEFAULT_SUBNET_FILE)));
    }

    /** The same for this machine as a host of its own. */
    static void awaitHere() throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!hasSubnet(Path.of("/"))) {
            if (System.nanoTime() > end) {
                throw new IOException(
                        "this machine got no subnet within "
                                + LIMIT.toSeconds()
                                + " s; \"journalctl -u "
                                + Program.UNIT
                                + "\" says why");
            }
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
        }
    }
}
