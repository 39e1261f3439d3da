package io.skerry.etcd.server.api.v3;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.store.EtcdStateMachine;
import io.skerry.etcd.server.store.StoreOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseKeepingTest {
    private static final Lease LEASE = new Lease(7, 3600, 0);

    @TempDir private Path directory;

    @Test
    void renewalByALeaderThatIsNoneAnyMoreIsNotConfirmed() throws Exception {
        try (var store = EtcdStateMachine.open(directory.resolve("store"), StoreOptions.DEFAULT);
                var log = new SingleNodeLog(store);
                var keeping = new LeaseKeeping(log)) {
            keeping.clocks().lead(2, List.of(LEASE), Duration.ZERO);
            assertThat(answer(keeping)).isEqualTo(LEASE.ttlSeconds());

            // It was stopped, another led, and now it leads again: the lease has not its whole
            // time.
            var renewals = new AtomicInteger();
            log.beforeNextRead(() -> {
                renewals.incrementAndGet();
                keeping.clocks().lead(4, List.of(), Duration.ZERO);
            });
            assertThat(answer(keeping)).isZero();
            assertThat(renewals).hasValue(1);
        }
    }

    private static long answer(LeaseKeeping keeping) throws Exception {
        return keeping.renew(LEASE.id()).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
