package io.skerry.bench.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.bench.store.Goal;
import io.skerry.bench.store.Machine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetReportTest {
    @Test
    void mediansOfTheRoundsAreComparedAndJudged() throws Exception {
        var report =
                new NetReport(
                        Machine.of(Path.of("/")),
                        List.of("1.00", "2.00"),
                        List.of(
                                figure("faster", List.of(4.0, 1.0, 2.0), new Goal.RatioAtLeast(3)),
                                figure("alone", List.of(), new Goal.RatioAtLeast(0.98)),
                                figure("short", List.of(), new Goal.AtMost(5)),
                                figure("told", List.of(2.0), new Goal.None())));

        assertThat(report.table().lines())
                .map(line -> line.replaceAll(" +", " ").strip())
                .containsExactly(
                        "FIGURE FLANNELD SKERRY RATIO TARGET REACHED",
                        "faster 2.00 5.50 2.75x >=3.0x no",
                        "alone - 5.50 - >=0.98x -",
                        "short - 5.50 - <=5 no",
                        "told 2.00 5.50 2.75x - -",
                        "load of the machine at the start and the end: 1.00, 2.00");
        var figures = new ObjectMapper().readTree(report.json()).path("figures");
        assertThat(figures).hasSize(4);
        assertThat(figures.get(0).path("ratio").asDouble()).isEqualTo(2.75);
        assertThat(figures.get(0).path("skerryRounds")).hasSize(2);
        assertThat(figures.get(1).has("reached")).isFalse();
        assertThat(figures.get(2).path("reached").asBoolean()).isFalse();
    }

    private static NetFigure figure(String name, List<Double> original, Goal goal) {
        return new NetFigure(name, original, List.of(5.0, 6.0), goal);
    }

    @Test
    void whatIperfTellsIsReadWithTheProcessorTimeOfBothEndsAndOfTheDaemons() throws Exception {
        var json =
                new ObjectMapper()
                        .readTree(
                                """
                                {"end":{"sum_received":{"seconds":4,"bits_per_second":2e9},
                                 "cpu_utilization_percent":{"host_total":40,"remote_total":60}}}
                                """);

        var run = Iperf.Run.of(json, 1.0);

        assertThat(run.gigabitsPerSecond()).isEqualTo(2.0);
        assertThat(run.cpuSeconds()).isEqualTo(5.0);
        assertThat(run.gigabitsPerCpuSecond()).isEqualTo(1.6);
    }
}
