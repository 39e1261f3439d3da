package io.skerry.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.metrics.Metrics;
import io.skerry.systemd.unit.UnitName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class EngineMetricsTest {
    private final Metrics metrics = new Metrics();
    private final EngineMetrics engine =
            new EngineMetrics(metrics, InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)));

    @Test
    void countsUnderTheOriginalsNames() {
        engine.leads(true);
        engine.reconciled();
        engine.decided(new Decision.Place(UnitName.parse("web.service").orElseThrow(), "m1"));

        assertThat(text())
                .contains(
                        "fleet_engine_leader_start_time 1.7E9",
                        "fleet_engine_reconcile_count_total 1.0",
                        "fleet_engine_task_count_total{type=\"place\"} 1.0");
    }

    @Test
    void whoDoesNotLeadHasNoStart() {
        engine.leads(true);
        engine.leads(false);

        assertThat(text()).contains("fleet_engine_leader_start_time 0.0");
    }

    private String text() {
        return new String(metrics.text(), StandardCharsets.UTF_8);
    }
}
