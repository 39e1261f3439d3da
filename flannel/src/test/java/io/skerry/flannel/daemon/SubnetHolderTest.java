package io.skerry.flannel.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.Await;
import io.skerry.flannel.TestKeys;
import io.skerry.flannel.TestStore;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.config.NetworkJson;
import io.skerry.flannel.subnet.LeaseReader;
import io.skerry.flannel.subnet.LeaseValue;
import io.skerry.flannel.subnet.Mirror;
import io.skerry.flannel.subnet.NetworkStore;
import io.skerry.flannel.subnet.StoreException;
import io.skerry.flannel.subnet.Tenure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubnetHolderTest {
    private static final String CONFIG = "{\"Network\":\"10.77.0.0/16\"}";

    @TempDir private Path directory = Path.of("");

    /** A store that throws at the first tenure what nobody expects. */
    private record Faulty(NetworkStore store, CountDownLatch heard, AtomicBoolean once)
            implements NetworkStore {
        @Override
        public Mirror follow(String prefix, Consumer<Map<String, KeyValue>> listener) {
            return store.follow(prefix, listener);
        }

        @Override
        public LeaseReader leaseReader() {
            return store.leaseReader();
        }

        @Override
        public Tenure begin(Duration ttl, Runnable lost)
                throws StoreException, InterruptedException {
            heard.await();
            if (once.getAndSet(false)) {
                throw new IllegalStateException("a fault of the test");
            }
            return store.begin(ttl, lost);
        }
    }

    @Test
    void faultOfTheProgramIsToldAndTheSubnetClaimedAllTheSame() throws Exception {
        try (var process = new TestStore(TestStore.Kind.ETCD, directory);
                var keys = TestKeys.of(TestKeys.Api.V3, process.uri())) {
            keys.put(TestKeys.KEYS.config(), CONFIG);
            var config =
                    new FlannelConfig(
                            TestKeys.KEYS,
                            InterfaceChoice.DEFAULT,
                            directory.resolve("subnet.env"),
                            true,
                            true,
                            Duration.ofSeconds(60),
                            Duration.ofSeconds(1),
                            List.of(),
                            Optional.empty());
            var told = new CopyOnWriteArrayList<String>();
            var heard = new CountDownLatch(1);
            var holder = new AtomicReference<SubnetHolder>();
            try (var begun =
                    new SubnetHolder(
                            new Faulty(keys.network(), heard, new AtomicBoolean(true)),
                            config,
                            NetworkJson.parse(CONFIG).config(),
                            LeaseValue.of(Ip4.of("10.88.0.11"), "host-gw"),
                            List.of(),
                            false,
                            () -> note(holder, told))) {
                holder.set(begun);
                heard.countDown();

                Await.until("it has its subnet", () -> begun.problem().isEmpty());

                assertThat(begun.subnets()).isPresent();
                assertThat(told)
                        .anyMatch(problem -> problem.contains("IllegalStateException: a fault of"));
            }
        }
    }

    private static void note(AtomicReference<SubnetHolder> holder, List<String> told) {
        SubnetHolder begun = holder.get();
        if (begun != null) {
            begun.problem().ifPresent(told::add);
        }
    }
}
