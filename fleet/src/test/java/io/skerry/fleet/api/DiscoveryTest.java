package io.skerry.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.base.http.BlockingHttp.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
    @Test
    void everyMethodOfTheDocumentIsServed() throws Exception {
        try (var served = new ServedApi()) {
            JsonNode document;
            try (Response response = send(served, "GET", "discovery", "")) {
                document = new ObjectMapper().readTree(response.body().readAllBytes());
            }
            assertThat(document.get("rootUrl").asText()).isEqualTo("$ENDPOINT/");
            assertThat(document.get("servicePath").asText()).isEqualTo("fleet/v1/");
            var methods = methods(document);
            assertThat(methods).hasSize(8);
            for (JsonNode method : methods) {
                String path = method.get("path").asText().replace("{unitName}", "none.service");
                String verb = method.get("httpMethod").asText();
                String body = verb.equals("PUT") ? "{}" : "";
                try (Response response = send(served, verb, path, body)) {
                    // 404 and 409 tell of the unit that is not there; an unknown path says "page".
                    assertThat(response.status())
                            .as(path)
                            .isIn(verb.equals("PUT") ? List.of(409) : List.of(200, 404));
                    assertThat(response.text()).as(path).doesNotContain("page not found");
                }
            }
        }
    }

    @Test
    void everySchemaThatIsNamedIsDefined() throws Exception {
        try (var served = new ServedApi();
                Response response = send(served, "GET", "discovery", "")) {
            var document = new ObjectMapper().readTree(response.body().readAllBytes());
            var defined = new ArrayList<String>();
            document.get("schemas").fieldNames().forEachRemaining(defined::add);
            var named = document.findValuesAsText("$ref");

            assertThat(named).isNotEmpty();
            assertThat(defined).containsAll(named);
        }
    }

    private static List<JsonNode> methods(JsonNode document) {
        var methods = new ArrayList<JsonNode>();
        for (JsonNode resource : document.get("resources")) {
            resource.get("methods").forEach(methods::add);
        }
        return methods;
    }

    private static Response send(ServedApi served, String verb, String path, String body)
            throws IOException {
        Map<String, String> headers =
                body.isEmpty() ? Map.of() : Map.of("content-type", "application/json");
        return served.client()
                .send(verb, "/fleet/v1/" + path, headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
