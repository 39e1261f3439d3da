package io.skerry.flannel.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.flannel.Await;
import io.skerry.flannel.TestNetwork;
import io.skerry.flannel.TestStore;
import io.skerry.flannel.subnet.EtcdNetworkStore;
import io.skerry.flannel.subnet.SubnetKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hosts take part in two networks of one store, each with a daemon for each of them. */
class TwoNetworksTest {
    private static final List<Integer> HOSTS = List.of(1, 2);

    private final List<FlannelDaemon> daemons = new ArrayList<>();

    @TempDir private Path directory;
    private TestNetwork network;
    private TestStore store;
    private EtcdClient client;

    /** One of the networks, as one host takes part in it. */
    private record Part(FlannelDaemon daemon, Path file, String container) {}

    @BeforeEach
    void connect() throws Exception {
        network = new TestNetwork(2);
        store = new TestStore(TestStore.Kind.ETCD, directory);
        client = store.client();
    }

    @AfterEach
    void close() throws Exception {
        daemons.forEach(FlannelDaemon::close);
        client.close();
        store.close();
        network.close();
    }

    private List<Part> join(String prefix, String json) throws Exception {
        var keys = new SubnetKeys(prefix);
        client.put(keys.config(), ByteString.copyFromUtf8(json));
        for (int number : HOSTS) {
            var config =
                    new FlannelConfig(
                            keys,
                            InterfaceChoice.DEFAULT,
                            file(number, prefix),
                            true,
                            true,
                            Duration.ofSeconds(60),
                            Duration.ofSeconds(1),
                            List.of(),
                            Optional.empty());
            daemons.add(
                    network.host(number)
                            .on(() ->
                                    FlannelDaemon.start(
                                            config,
                                            new EtcdNetworkStore(client, keys),
                                            new Metrics(),
                                            _ -> {})));
        }
        var parts = new ArrayList<Part>();
        for (int number : HOSTS) {
            FlannelDaemon daemon = daemons.get(daemons.size() - HOSTS.size() + number - 1);
            Path file = file(number, prefix);
            Await.until(
                    prefix + " on host " + number,
                    () -> daemon.problem().isEmpty() && Files.exists(file));
            String container = daemon.subnets().orElseThrow().first().first().plus(2).toString();
            network.host(number).ip("addr", "add", container + "/32", "dev", "lo");
            parts.add(new Part(daemon, file, container));
        }
        return parts;
    }

    private Path file(int number, String prefix) {
        return directory.resolve("h" + number + prefix + "/subnet.env");
    }

    private boolean reaches(int from, int to, List<Part> parts) throws Exception {
        return network.host(from)
                .reaches(
                        network.host(to),
                        parts.get(from - 1).container(),
                        parts.get(to - 1).container());
    }

    private void awaitBothWays(List<Part> parts) throws Exception {
        Await.until("there", () -> reaches(1, 2, parts));
        Await.until("and back", () -> reaches(2, 1, parts));
    }

    private String way(List<Part> parts) throws Exception {
        return network.host(1).ip("route", "get", parts.get(1).container());
    }

    @Test
    void eachCarriesByItsOwnDeviceAndOutlivesTheOther() throws Exception {
        List<Part> tunnelled =
                join(
                        "/first/network",
                        "{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}");
        List<Part> routed =
                join(
                        "/second/network",
                        "{\"Network\":\"10.78.0.0/16\",\"Backend\":{\"Type\":\"host-gw\"}}");
        awaitBothWays(tunnelled);
        awaitBothWays(routed);

        assertThat(way(tunnelled)).contains("dev flannel.1");
        assertThat(way(routed)).contains("via " + TestNetwork.address(2) + " dev eth0");
        assertThat(Files.readString(tunnelled.getFirst().file()))
                .contains("FLANNEL_NETWORK=10.77.0.0/16", "FLANNEL_MTU=1450");
        assertThat(Files.readString(routed.getFirst().file()))
                .contains("FLANNEL_NETWORK=10.78.0.0/16", "FLANNEL_MTU=1500");

        tunnelled.get(1).daemon().leave();

        Await.until("its way is gone", () -> !way(tunnelled).contains("dev flannel.1"));
        awaitBothWays(routed);
        assertThat(way(routed)).contains("via " + TestNetwork.address(2) + " dev eth0");
    }
}
