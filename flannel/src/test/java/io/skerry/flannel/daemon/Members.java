package io.skerry.flannel.daemon;

import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.flannel.Await;
import io.skerry.flannel.CutLine;
import io.skerry.flannel.TestHost;
import io.skerry.flannel.TestKeys;
import io.skerry.flannel.TestNetwork;
import io.skerry.flannel.TestStore;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.subnet.EtcdNetworkStore;
import io.skerry.flannel.subnet.NetworkStore;
import io.skerry.flannel.subnet.SubnetKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Hosts of a test network that take part in one overlay over a real store. */
final class Members implements AutoCloseable {
    static final SubnetKeys KEYS = TestKeys.KEYS;

    /** Long enough for a busy machine: who renews it may have to wait for the processor. */
    private static final Duration LEASE = Duration.ofSeconds(60);

    /** For tests that wait for its end. */
    static final Duration SHORT_LEASE = Duration.ofSeconds(10);

    final TestNetwork network;
    final EtcdClient client;
    private final Path directory;
    private final Duration lease;
    private final TestStore store;
    private final TestKeys keys;
    private final Map<Integer, EtcdClient> ownClients = new HashMap<>();
    private final List<CutLine> lines = new ArrayList<>();
    private final Map<Integer, FlannelDaemon> daemons = new HashMap<>();
    private final Map<Integer, List<String>> unusable = new HashMap<>();

    Members(Path directory, int hosts) throws Exception {
        this(directory, hosts, LEASE, TestKeys.Api.V3);
    }

    /**
     * @param lease for how long a host that is gone keeps its subnet
     */
    Members(Path directory, int hosts, Duration lease) throws Exception {
        this(directory, hosts, lease, TestKeys.Api.V3);
    }

    /**
     * @param api by which hosts reach the store
     */
    Members(Path directory, int hosts, TestKeys.Api api) throws Exception {
        this(directory, hosts, LEASE, api);
    }

    private Members(Path directory, int hosts, Duration lease, TestKeys.Api api) throws Exception {
        this.directory = directory;
        this.lease = lease;
        store = new TestStore(TestStore.Kind.ETCD, directory);
        client = store.client();
        keys = TestKeys.of(api, store.uri());
        network = new TestNetwork(hosts);
    }

    void configure(String json) throws Exception {
        keys.put(KEYS.config(), json);
    }

    void configureBackend(String type) throws Exception {
        configure("{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"" + type + "\"}}");
    }

    void freezeStore() throws Exception {
        store.signal("STOP");
    }

    void thawStore() throws Exception {
        store.signal("CONT");
    }

    /** Has a host that has not started yet reach the store by a line of its own. */
    CutLine ownLine(int number) throws Exception {
        var line = new CutLine(store.uri());
        lines.add(line);
        ownClients.put(number, TestStore.client(line.uri()));
        return line;
    }

    Path file(int number) {
        return directory.resolve("h" + number + "/subnet.env");
    }

    Path cniConf(int number) {
        return directory.resolve("h" + number + "/net.d/10-flannel.conflist");
    }

    FlannelDaemon start(int number) throws Exception {
        var config =
                new FlannelConfig(
                        KEYS,
                        InterfaceChoice.DEFAULT,
                        file(number),
                        true,
                        true,
                        lease,
                        Duration.ofSeconds(1),
                        List.of(),
                        Optional.of(cniConf(number)));
        var told = new CopyOnWriteArrayList<String>();
        unusable.put(number, told);
        NetworkStore own =
                ownClients.containsKey(number)
                        ? new EtcdNetworkStore(Objects.requireNonNull(ownClients.get(number)), KEYS)
                        : keys.network();
        FlannelDaemon daemon =
                network.host(number)
                        .on(() -> FlannelDaemon.start(config, own, new Metrics(), told::add));
        daemons.put(number, daemon);
        return daemon;
    }

    /** Starts all that were not, and gives each an address of its subnet as a container has. */
    void startAll() throws Exception {
        for (int number = 1; number <= network.hosts().size(); number++) {
            if (!daemons.containsKey(number)) {
                start(number);
            }
        }
        for (int number = 1; number <= network.hosts().size(); number++) {
            awaitReady(number);
            network.host(number).ip("addr", "replace", container(number) + "/32", "dev", "lo");
        }
    }

    /** Why a host could not use the configuration. */
    String told(int number) {
        return String.join("\n", unusable.getOrDefault(number, List.of()));
    }

    void awaitReady(int number) throws Exception {
        Await.until(
                "host " + number + " is ready, " + daemon(number).problem(),
                () -> daemon(number).problem().isEmpty() && Files.exists(file(number)));
    }

    FlannelDaemon daemon(int number) {
        return Objects.requireNonNull(daemons.get(number));
    }

    TestHost host(int number) {
        return network.host(number);
    }

    Cidr subnet(int number) {
        return daemon(number).subnets().orElseThrow().first();
    }

    Ip container(int number) {
        return subnet(number).first().plus(2);
    }

    /** Not while one of them has no subnet, as between two configurations. */
    boolean reaches(int from, int to) throws Exception {
        var source = daemon(from).subnets();
        var target = daemon(to).subnets();
        return source.isPresent()
                && target.isPresent()
                && host(from)
                        .reaches(
                                host(to),
                                container(source.get()).toString(),
                                container(target.get()).toString());
    }

    private static Ip container(PerFamily<Cidr> subnets) {
        return subnets.first().first().plus(2);
    }

    /** All pairs, both ways; routes to a host may come a moment after it is ready. */
    void awaitAllReachEachOther() throws Exception {
        for (int from = 1; from <= network.hosts().size(); from++) {
            for (int to = 1; to <= network.hosts().size(); to++) {
                int source = from;
                int target = to;
                Await.until(from + " reaches " + to, () -> reaches(source, target));
            }
        }
    }

    String routes(int number) throws Exception {
        return host(number).ip("route");
    }

    @Override
    public void close() throws IOException {
        daemons.values().forEach(FlannelDaemon::close);
        network.close();
        ownClients.values().forEach(EtcdClient::close);
        for (CutLine line : lines) {
            line.close();
        }
        keys.close();
        client.close();
        store.close();
    }
}
