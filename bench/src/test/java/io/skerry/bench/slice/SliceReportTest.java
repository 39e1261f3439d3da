package io.skerry.bench.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.bench.store.Machine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SliceReportTest {
    @Test
    void figureIsTheMedianOrTheWorstAndIsComparedWithItsTarget() {
        var up = Figure.median("up", "s", List.of(30.0, 10.0, 12.0), 20);
        var memory = Figure.worst("memory", "MiB", List.of(199.0, 230.0), 220);

        assertThat(up.value()).isEqualTo(12);
        assertThat(up.reached()).isTrue();
        assertThat(memory.value()).isEqualTo(230);
        assertThat(memory.reached()).isFalse();
        assertThat(Figure.median("two", "s", List.of(1.0, 2.0), 9).value()).isEqualTo(1.5);
    }

    @Test
    void tableAndJsonTellEveryFigure(@TempDir Path folder) throws Exception {
        var report =
                new SliceReport(
                        Machine.of(folder),
                        List.of(Figure.median("up, three hosts ready", "s", List.of(21.24), 20)));

        assertThat(report.table())
                .containsPattern("up, three hosts ready +21\\.2 s +20\\.0 s +no\\R");
        var figure = new ObjectMapper().readTree(report.json()).path("figures").path(0);
        assertThat(figure.path("value").asDouble()).isEqualTo(21.24);
        assertThat(figure.path("reached").asBoolean()).isFalse();
        assertThat(figure.path("seen")).hasSize(1);
    }

    @Test
    void unitIsDisturbedWhenItMovedStoppedStartedAnewOrRunsTwice() {
        var before =
                new Steadiness(
                        Map.of("a", "h1 1", "b", "h1 2", "c", "h2 3", "d", "h2 4", "e", "h3 5"));
        var after =
                new Steadiness(Map.of("a", "h1 1", "b", "h2 9", "c", "h2 8", "e", "h3 5, h1 7"));

        assertThat(after.disturbedSince(before)).containsExactly("b", "c", "d", "e");
        assertThat(before.disturbedSince(before)).isEmpty();
    }

    @Test
    void planOutOfBoundsNamesTheFlag() {
        assertThatThrownBy(() -> new SlicePlan("p", 0, 1, Duration.ofSeconds(1), Duration.ZERO))
                .hasMessage("--units 0 is not within 1 to 200");
    }
}
