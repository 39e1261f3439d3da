package io.skerry.flannel.subnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.thread.SteadyLoop;
import io.skerry.etcd.client.KeyValue;
import io.skerry.flannel.Await;
import io.skerry.flannel.Heard;
import io.skerry.flannel.TestKeys;
import io.skerry.flannel.TestStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mirrors of a real store, by either API. */
class FollowingMirrorTest {
    private static final String PREFIX = TestKeys.KEYS.subnets();

    @ParameterizedTest
    @EnumSource(TestKeys.Api.class)
    void listenerHearsOfEverythingAgainAfterAFault(TestKeys.Api api, @TempDir Path directory)
            throws Exception {
        var first = new AtomicBoolean(true);
        var seen = new AtomicReference<Map<String, KeyValue>>(Map.of());
        try (var heard = Heard.of(SteadyLoop.class);
                var process = new TestStore(TestStore.Kind.ETCD, directory);
                var keys = TestKeys.of(api, process.uri())) {
            keys.put(PREFIX + "10.77.1.0-24", "one");
            try (var mirror =
                    keys.network()
                            .follow(
                                    PREFIX,
                                    entries -> {
                                        if (first.getAndSet(false)) {
                                            throw new IllegalStateException("a fault of the test");
                                        }
                                        seen.set(entries);
                                    })) {
                Await.until("all is told again", () -> seen.get().size() == 1);
                assertThat(heard.count("a fault of this program")).isEqualTo(1);

                keys.put(PREFIX + "10.77.2.0-24", "two");

                Await.until(mirror + " goes on", () -> seen.get().size() == 2);
                assertThat(heard.count("a fault of this program")).isEqualTo(1);
            }
        }
    }
}
