package io.skerry.base.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void writesWhatWasCountedAndTheProcessItself() {
        var metrics = new Metrics();
        metrics.counter("requests_total", "Requests.", "method").labelValues("get").inc(3);
        metrics.gauge("queue_length", "Queue.").set(2);
        metrics.gauge("answer", "Read when asked.", () -> 42);
        metrics.histogram("latency_seconds", "Latency.", new double[] {0.1, 1}).observe(0.5);
        String text = new String(metrics.text(), StandardCharsets.UTF_8);
        assertThat(text.lines())
                .contains(
                        "requests_total{method=\"get\"} 3.0",
                        "queue_length 2.0",
                        "answer 42.0",
                        "latency_seconds_bucket{le=\"0.1\"} 0",
                        "latency_seconds_bucket{le=\"1.0\"} 1",
                        "latency_seconds_count 1")
                .anyMatch(line -> line.matches("process_resident_memory_bytes [1-9][0-9.E]+"))
                .anyMatch(line -> line.startsWith("process_cpu_seconds_total "))
                .anyMatch(line -> line.matches("process_open_fds [1-9][0-9.]*"));
    }

    @Test
    void tellsWhenTheProcessBegan() {
        double now = System.currentTimeMillis() / 1000.0;
        String name = "process_start_time_seconds ";

        String text = new String(new Metrics().text(), StandardCharsets.UTF_8);

        double told =
                text.lines()
                        .filter(line -> line.startsWith(name))
                        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                        .findFirst()
                        .orElseThrow();
        // The kernel knows its own start by the second.
        assertThat(told).isGreaterThan(now - 86_400).isLessThan(now + 2);
    }
}
