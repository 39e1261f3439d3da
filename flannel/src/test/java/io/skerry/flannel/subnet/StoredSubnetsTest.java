package io.skerry.flannel.subnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.Await;
import io.skerry.flannel.TestKeys;
import io.skerry.flannel.TestStore;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.PerFamily;
import io.skerry.flannel.config.NetworkConfig;
import io.skerry.flannel.config.NetworkJson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subnets in a real store, by both of its APIs: ours, and Debian's etcd. */
class StoredSubnetsTest {
    private static final String CONFIG = "{\"Network\":\"10.5.0.0/24\",\"SubnetLen\":28}";
    private static final int HOSTS = 15;
    private static final SubnetKeys KEYS = TestKeys.KEYS;
    private static final Duration TTL = Duration.ofMinutes(5);

    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource({"SKERRY,V3", "ETCD,V3", "SKERRY,V2", "ETCD,V2"})
    void asManyHostsAsThereAreSubnetsRaceAndEachGetsItsOwn(TestStore.Kind kind, TestKeys.Api api)
            throws Exception {
        try (var process = new TestStore(kind, directory);
                var keys = TestKeys.of(api, process.uri())) {
            keys.put(KEYS.config(), CONFIG);
            var config = NetworkJson.parse(CONFIG).config();
            var network = keys.network();
            var seen = new LinkedBlockingQueue<Map<String, KeyValue>>();
            try (Mirror mirror = network.follow(KEYS.subnets(), seen::add)) {
                var tenures = new ArrayList<Tenure>();
                for (int i = 1; i <= HOSTS; i++) {
                    tenures.add(network.begin(TTL, () -> {}));
                }

                var subnets = race(tenures, config);

                assertThat(new HashSet<>(subnets)).hasSize(HOSTS);
                awaitSize(mirror, seen, HOSTS);

                keys.delete(KEYS.subnets(PerFamily.only(subnets.get(0).family(), subnets.get(0))));
                assertThat(acquire(tenures.getFirst(), config, 1)).isEqualTo(subnets.getFirst());

                tenures.forEach(Tenure::close);
                awaitSize(mirror, seen, 0);
            }
        }
    }

    private static List<Cidr> race(List<Tenure> tenures, NetworkConfig config) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var hosts = new ArrayList<Callable<Cidr>>();
            for (Tenure tenure : tenures) {
                int host = hosts.size() + 1;
                hosts.add(() -> acquire(tenure, config, host));
            }
            var subnets = new ArrayList<Cidr>();
            for (var host : threads.invokeAll(hosts)) {
                subnets.add(host.get());
            }
            return subnets;
        }
    }

    private static Cidr acquire(Tenure tenure, NetworkConfig config, int host) throws Exception {
        var value = LeaseValue.of(Ip4.of("192.168.0.0").plus(host), "host-gw");
        return Await.answer(
                "host %d has a subnet".formatted(host),
                () ->
                        new Acquisition(tenure, new SplittableRandom(host))
                                .acquire(config, value, List.of())
                                .subnets()
                                .first());
    }

    private static void awaitSize(
            Mirror mirror, LinkedBlockingQueue<Map<String, KeyValue>> seen, int wanted)
            throws Exception {
        Map<String, KeyValue> last;
        do {
            last = seen.poll(60, TimeUnit.SECONDS);
            assertThat(last).as("what %s shows within a minute", mirror).isNotNull();
        } while (last != null && last.size() != wanted);
    }
}
