package io.skerry.bench.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.api.PutRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
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
        assertThat(Report.table(List.of(comparison), List.of()))
                .contains("2.00x")
                .contains("0.40x");
    }

    @Test
    void theOwnProcessHasUsedTimeAndMemory() throws Exception {
        ProcessUse use = ProcessUse.of(List.of(ProcessHandle.current().pid()));

        assertThat(use.cpuSeconds()).isPositive();
        assertThat(use.residentBytes()).isBetween(10L << 20, 10L << 30);
    }

    @Test
    void shuffledPutsMeetEachKeyOnceBeforeAnyTwice() {
        var requests = PutRequests.shuffled(Workload.KEYS);

        assertThat(
                        LongStream.range(0, Workload.KEYS)
                                .mapToObj(requests::request)
                                .map(r -> new String(r, 2, 16, StandardCharsets.US_ASCII)))
                .doesNotHaveDuplicates()
                .hasSize(Workload.KEYS)
                .contains("bench/0000000000", "bench/0000009999");
    }

    @Test
    void putsAreWellFormedAndEndWithTheTimeTheyWereMadeAt() throws Exception {
        long before = System.nanoTime();

        var put = PutRequest.parseFrom(PutRequests.inOrder(10).request(13));

        assertThat(put.getKey().toStringUtf8()).isEqualTo("bench/0000000003");
        assertThat(put.getValue().size()).isEqualTo(PutRequests.VALUE_BYTES);
        assertThat(put.getValue().substring(248).asReadOnlyByteBuffer().getLong())
                .isBetween(before, System.nanoTime());
    }

    @Test
    void figuresAreHeldAgainstTheirTargets() {
        var figures =
                List.of(
                        Figure.of(
                                "many-keys",
                                1,
                                "RSS MB",
                                List.of(100.0, 300.0, 200.0),
                                List.of(300.0),
                                new Goal.RatioAtMost(1)),
                        new Figure("limited", 1, "s", Double.NaN, 4, new Goal.AtMost(5)),
                        new Figure("watch", 1, "events/s", 10, 30, new Goal.RatioAtLeast(2)));

        assertThat(Report.table(List.of(), figures).lines().skip(1))
                .satisfiesExactly(
                        memory -> assertThat(memory).contains("200.00", "1.50x", "no"),
                        restart -> assertThat(restart).contains("-", "<=5", "yes"),
                        events -> assertThat(events).contains("3.00x", ">=2.0x", "yes"));
    }

    @Test
    void plansWithoutEndOrSenseAreRefused() {
        assertThatThrownBy(() -> plan(List.of("put"), 0))
                .hasMessage("--in-flight 0 is not within 1 to 10000");
        assertThatThrownBy(() -> plan(List.of("putt"), 1))
                .hasMessage(
                        "--workload putt is none of put, range, serializable-range, list,"
                            + " paced-put, watch-keys, watch-prefix, many-keys, limited-memory");
    }

    private static StorePlan plan(List<String> workloads, int inFlight) {
        return StorePlan.of(
                List.of(1),
                workloads,
                List.of(inFlight),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                10,
                Sizes.quick());
    }

    private static Measurement of(double perSecond, double cpu) {
        return new Measurement(perSecond, 1, 1, cpu, 1, 0);
    }
}
