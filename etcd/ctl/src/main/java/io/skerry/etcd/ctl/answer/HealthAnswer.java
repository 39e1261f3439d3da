package io.skerry.etcd.ctl.answer;

import io.skerry.base.text.GoDuration;
import io.skerry.etcd.ctl.format.Answer;
import io.skerry.etcd.ctl.format.Fields;
import io.skerry.etcd.ctl.format.Json;
import io.skerry.etcd.ctl.format.Table;
import io.skerry.etcd.ctl.text.ByteText;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Which endpoints serve reads that need a majority. */
public record HealthAnswer(List<Health> endpoints) implements Answer {
    /**
     * One endpoint.
     *
     * @param error empty: it is well
     */
    public record Health(String endpoint, boolean well, Duration took, String error) {
        String tookText() {
            return ByteText.ofText(GoDuration.format(took));
        }
    }

    public HealthAnswer {
        endpoints = List.copyOf(endpoints);
    }

    /** {@inheritDoc} Those that are not well are told of on standard error. */
    @Override
    public String simple(Style style) {
        return endpoints.stream()
                .filter(Health::well)
                .map(health ->
                        "%s is healthy: successfully committed proposal: took = %s\n"
                                .formatted(health.endpoint, health.tookText()))
                .collect(Collectors.joining());
    }

    @Override
    public String fields() {
        var fields = new Fields();
        for (Health health : endpoints) {
            fields.quoted("Endpoint", health.endpoint)
                    .plain("Health", health.well)
                    .plain("Took", health.tookText())
                    .plain("Error", health.error)
                    .blank();
        }
        return fields.toString();
    }

    @Override
    public Table table() {
        return new Table(
                List.of("endpoint", "health", "took", "error"),
                endpoints.stream()
                        .map(health ->
                                List.of(
                                        health.endpoint,
                                        Boolean.toString(health.well),
                                        health.tookText(),
                                        health.error))
                        .toList());
    }

    @Override
    public String json(Style style) {
        return endpoints.stream()
                .map(HealthAnswer::json)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String json(Health health) {
        return "{\"endpoint\":%s,\"health\":%s,\"took\":%s%s}"
                .formatted(
                        Json.text(health.endpoint),
                        health.well,
                        Json.text(health.tookText()),
                        health.error.isEmpty() ? "" : ",\"error\":" + Json.text(health.error));
    }
}
