package io.skerry.flannel.subnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.KeyValue;
import io.skerry.etcd.client.LeaseKeeper;
import io.skerry.flannel.TestStore;
import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip4;
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
import org.junit.jupiter.params.provider.EnumSource;

/** Subnets in a real store: ours, and Debian's etcd. */
class StoredSubnetsTest {
    private static final String CONFIG = "{\"Network\":\"10.5.0.0/24\",\"SubnetLen\":28}";
    private static final int HOSTS = 15;
    private static final SubnetKeys KEYS = new SubnetKeys(SubnetKeys.DEFAULT_PREFIX);

    @TempDir private Path directory = Path.of("");

    @ParameterizedTest
    @EnumSource(TestStore.Kind.class)
    void asManyHostsAsThereAreSubnetsRaceAndEachGetsItsOwn(TestStore.Kind kind) throws Exception {
        try (var process = new TestStore(kind, directory);
                var client = process.client()) {
            client.put(KEYS.config(), ByteString.copyFromUtf8(CONFIG));
            var config = NetworkJson.parse(CONFIG).config();
            var store = new EtcdSubnetStore(client, KEYS);
            var seen = new LinkedBlockingQueue<Map<String, KeyValue>>();
            try (LeaseMirror mirror = LeaseMirror.start(client, KEYS.subnets(), seen::add);
                    LeaseKeeper lease = client.keepLease(Duration.ofSeconds(60), () -> {})) {
                var subnets = race(store, config, lease);

                assertThat(new HashSet<>(subnets)).hasSize(HOSTS);
                assertThat(lastOf(seen, HOSTS)).as("what %s shows", mirror).hasSize(HOSTS);
                remembersWhoHadWhat(client, store, lease);
            }
            // The lease is gone, and all keys with it.
            assertThat(client.list(KEYS.subnets()).entries()).isEmpty();
        }
    }

    private static List<Cidr> race(EtcdSubnetStore store, NetworkConfig config, LeaseKeeper lease)
            throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var hosts = new ArrayList<Callable<Cidr>>();
            for (int i = 1; i <= HOSTS; i++) {
                var value = LeaseValue.of(Ip4.of("192.168.0.0").plus(i), "host-gw");
                var random = new SplittableRandom(i);
                hosts.add(() ->
                        new Acquisition(store, random)
                                .acquire(config, value, List.of(), lease.id())
                                .subnets()
                                .first());
            }
            var subnets = new ArrayList<Cidr>();
            for (var host : threads.invokeAll(hosts)) {
                subnets.add(host.get());
            }
            return subnets;
        }
    }

    private static void remembersWhoHadWhat(
            EtcdClient client, EtcdSubnetStore store, LeaseKeeper lease) throws Exception {
        var first = store.read().orElseThrow().leases().getFirst();
        client.delete(first.key());

        var again =
                new Acquisition(store, new SplittableRandom(1))
                        .acquire(
                                NetworkJson.parse(CONFIG).config(),
                                first.value(),
                                List.of(),
                                lease.id());

        assertThat(again.subnets()).isEqualTo(first.subnets());
    }

    private static Map<String, KeyValue> lastOf(
            LinkedBlockingQueue<Map<String, KeyValue>> seen, int wanted) throws Exception {
        Map<String, KeyValue> last = Map.of();
        while (last.size() < wanted) {
            var next = seen.poll(60, TimeUnit.SECONDS);
            assertThat(next).as("a change within a minute, after %s", last).isNotNull();
            last = next == null ? last : next;
        }
        return last;
    }
}
