package io.skerry.etcd.ctl.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObservationsTest {
    @Test
    void tellWhatWritersSaw() {
        var seen = new Observations();
        seen.written(Duration.ofMillis(100));
        seen.written(Duration.ofMillis(300));
        seen.failed("etcdserver: too many requests");
        seen.failed("etcdserver: too many requests");

        assertThat(seen.count()).isEqualTo(2);
        assertThat(seen.slowestSeconds()).isEqualTo(0.3, within(1e-9));
        assertThat(seen.deviationSeconds()).isEqualTo(0.1, within(1e-9));
        assertThat(seen.writesPerSecond()).isPositive();
        assertThat(seen.errors()).isEqualTo(Map.of("etcdserver: too many requests", 2));
        assertThat(new Observations().deviationSeconds()).isZero();
    }
}
