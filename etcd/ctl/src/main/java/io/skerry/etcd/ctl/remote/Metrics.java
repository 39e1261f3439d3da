package io.skerry.etcd.ctl.remote;

import io.skerry.base.http.ListenUrl;
import io.skerry.etcd.ctl.failure.CtlFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Reads a figure of a member's {@code /metrics}. */
public final class Metrics {
    private Metrics() {}

    /** A metric without labels; empty: the member has no such one. */
    public static OptionalDouble read(Settings settings, String endpoint, String metric)
            throws CtlFailure, IOException {
        var url = ListenUrl.parse(settings.at(List.of(endpoint)).uris().getFirst().toString());
        try (var http = settings.http(url);
                var response = http.send("GET", "/metrics", Map.of(), new byte[0])) {
            return response.text()
                    .lines()
                    .filter(line -> line.startsWith(metric + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                    .findFirst();
        }
    }
}
