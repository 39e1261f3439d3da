package io.skerry.bench.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    @Test
    void mediansAreTakenFigureByFigureAndDivided() {
        var original = List.of(of(100, 5), of(300, 1), of(200, 9));
        var ours = List.of(of(500, 1), of(300, 3));

        var comparison = new Comparison(1, Workload.PUT, 10, original, ours);

        assertThat(comparison.originalMedian()).isEqualTo(of(200, 5));
        assertThat(comparison.oursMedian()).isEqualTo(of(400, 2));
        assertThat(comparison.ratio().perSecond()).isEqualTo(2);
        assertThat(comparison.ratio().cpuSecondsPer100k()).isEqualTo(0.4);
        assertThat(Report.table(List.of(comparison))).contains("2.00x").contains("0.40x");
    }

    @Test
    void theOwnProcessHasUsedTimeAndMemory() throws Exception {
        ProcessUse use = ProcessUse.of(List.of(ProcessHandle.current().pid()));

        assertThat(use.cpuSeconds()).isPositive();
        assertThat(use.residentBytes()).isBetween(10L << 20, 10L << 30);
    }

    @Test
    void requestsAreTheSameEveryTimeAndEachKeyHasOne() {
        List<byte[]> first = Workload.PUT.requests();
        List<byte[]> again = Workload.PUT.requests();

        assertThat(first.get(7)).isEqualTo(again.get(7));
        assertThat(first.stream().map(r -> new String(r, 2, 16, StandardCharsets.US_ASCII)))
                .doesNotHaveDuplicates()
                .hasSize(Workload.KEYS);
    }

    @Test
    void plansWithoutEndOrSenseAreRefused() {
        assertThatThrownBy(() -> plan(List.of("put"), 0))
                .hasMessage("--in-flight 0 is not within 1 to 10000");
        assertThatThrownBy(() -> plan(List.of("putt"), 1))
                .hasMessage("--workloads putt is none of put, range, serializable-range");
    }

    private static StorePlan plan(List<String> workloads, int inFlight) {
        return StorePlan.of(
                List.of(1),
                workloads,
                List.of(inFlight),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                10);
    }

    private static Measurement of(double perSecond, double cpu) {
        return new Measurement(perSecond, 1, 1, cpu, 1, 0);
    }
}
