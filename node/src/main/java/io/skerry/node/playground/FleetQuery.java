package io.skerry.node.playground;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.tls.TlsFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads collections of a cluster's fleet API. */
final class FleetQuery {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TlsFiles tls;
    private final Duration timeout;

    FleetQuery(TlsFiles tls, Duration timeout) {
        this.tls = tls;
        this.timeout = timeout;
    }

    /** The ids of the machines that take part, as one host sees it. */
    Set<String> machines(String fleetUrl) throws IOException {
        return list(fleetUrl, "machines", "machines").stream()
                .map(machine -> machine.path("id").asText())
                .collect(Collectors.toSet());
    }

    /** All objects of a collection, over all its pages. */
    List<JsonNode> list(String fleetUrl, String collection, String field) throws IOException {
        var found = new ArrayList<JsonNode>();
        String page = "";
        do {
            JsonNode answer = get(fleetUrl, "/fleet/v1/" + collection + page);
            answer.path(field).forEach(found::add);
            String next = answer.path("nextPageToken").asText("");
            page = next.isEmpty() ? "" : "?nextPageToken=" + next;
        } while (!page.isEmpty());
        return found;
    }

    private JsonNode get(String url, String path) throws IOException {
        var http = new BlockingHttp(ListenUrl.parse(url), tls, timeout);
        try (var response = http.send("GET", path, Map.of(), new byte[0])) {
            byte[] body = response.body().readAllBytes();
            if (response.status() != 200) {
                throw new IOException(url + path + " answers " + response.status());
            }
            return JSON.readTree(body);
        }
    }
}
