package io.skerry.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.BlockingHttp.Response;
import io.skerry.fleet.api.schema.JsonReader;
import io.skerry.fleet.api.schema.Machine;
import io.skerry.fleet.api.schema.Page;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FleetApiTest {
    private ServedApi served;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedApi();
    }

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "machines",
                "units",
                "many-units",
                "states",
                "bad-input",
                "hosts",
                "explain",
                "store-away"
            })
    void answersAsWritten(String transcript) throws Exception {
        Transcript.of(FleetApiTest.class, transcript).check(this::play);
    }

    private List<String> play(List<String> inputs) throws IOException {
        var answer = new ArrayList<String>();
        for (String input : inputs) {
            if (input.startsWith("! ")) {
                Events.happen(served.registry(), input.substring(2));
            }
        }
        var request = inputs.stream().filter(i -> i.startsWith("> ")).map(i -> i.substring(2));
        var lines = request.toList();
        if (!lines.isEmpty()) {
            answer.addAll(send(lines));
        }
        return answer;
    }

    private List<String> send(List<String> request) throws IOException {
        String[] words = request.getFirst().split(" ", -1);
        Map<String, String> headers = new HashMap<>();
        String body = "";
        for (String line : request.subList(1, request.size())) {
            if (line.startsWith("Content-Type: ")) {
                headers.put("content-type", line.substring("Content-Type: ".length()));
            } else {
                body += line;
            }
        }
        if (!body.isEmpty()) {
            headers.putIfAbsent("content-type", "application/json");
        }
        try (Response response =
                served.client()
                        .send(words[0], words[1], headers, body.getBytes(StandardCharsets.UTF_8))) {
            var lines = new ArrayList<String>();
            String type = response.header("content-type");
            lines.add(response.status() + (type == null ? "" : " " + type));
            lines.addAll(response.text().lines().toList());
            return lines;
        }
    }

    /** It stops the unit, waits until it is launched, and only then asks for the start. */
    @Test
    void restartOfTheOriginalsClientFindsTheUnitLaunchedOnceMore() throws Exception {
        var registry = served.registry();
        registry.machine(ServedApi.FIRST, "10.88.0.11", Map.of());
        Events.happen(registry, "unit web.service launched");
        registry.place("web.service", ServedApi.FIRST);
        registry.report("web.service", ServedApi.FIRST, "loaded", "active", "running");
        var original = Map.of("user-agent", "google-api-go-client/0.5");

        assertThat(askedFor("loaded", original)).isEqualTo(204);
        registry.report("web.service", ServedApi.FIRST, "loaded", "inactive", "dead");
        assertThat(currentState(original)).isEqualTo("launched");
        assertThat(currentState(original)).isEqualTo("loaded");

        assertThat(askedFor("launched", original)).isEqualTo(204);
        assertThat(askedFor("loaded", Map.of())).isEqualTo(204);
        assertThat(currentState(original)).as("stopped by another client").isEqualTo("loaded");
    }

    private int askedFor(String state, Map<String, String> headers) throws IOException {
        var all = new HashMap<>(headers);
        all.put("content-type", "application/json");
        byte[] body = ("{\"desiredState\":\"" + state + "\"}").getBytes(StandardCharsets.UTF_8);
        try (Response response =
                served.client().send("PUT", "/fleet/v1/units/web.service", all, body)) {
            return response.status();
        }
    }

    private String currentState(Map<String, String> headers) throws Exception {
        try (Response response =
                served.client().send("GET", "/fleet/v1/units/web.service", headers, new byte[0])) {
            return JsonReader.ANSWERS.unit(response.body().readAllBytes()).currentState();
        }
    }

    @Test
    void listsLongerThanAPageAreReadPageByPageWithoutLossOrRepetition() throws Exception {
        var registry = served.registry();
        for (int i = 0; i < 250; i++) {
            registry.machine("%032d".formatted(i), "10.0.0." + i, Map.of());
        }
        var page = new Page<Machine>(List.of(), "");
        var ids = new ArrayList<String>();
        String query = "";
        do {
            try (Response response =
                    served.client()
                            .send("GET", "/v1-alpha/machines" + query, Map.of(), new byte[0])) {
                page = JsonReader.ANSWERS.machines(response.body().readAllBytes());
            }
            assertThat(page.items()).hasSizeLessThanOrEqualTo(100);
            page.items().forEach(machine -> ids.add(machine.id()));
            // What goes and comes between two pages disturbs neither.
            registry.lose("%032d".formatted(3));
            query = "?nextPageToken=" + page.nextToken();
        } while (!page.nextToken().isEmpty());

        assertThat(ids).hasSize(250).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aHostThatMayNotSpeakForTheClusterRefusesEveryRequest() throws Exception {
        served.bar("machine id 1111 is that of 10.88.0.12 already");

        for (String target : List.of("/fleet/v1/machines", "/fleet/v1/units", "/fleet/v1/watch")) {
            try (Response response = served.client().send("GET", target, Map.of(), new byte[0])) {
                assertThat(response.status()).as(target).isEqualTo(503);
                assertThat(response.text()).contains("is that of 10.88.0.12 already");
            }
        }
    }

    @Test
    void theFeedTellsWhatThereIsAndThenWhatChanges() throws Exception {
        Events.happen(served.registry(), "machine " + ServedApi.FIRST + " 10.88.0.11");
        Events.happen(served.registry(), "unit web.service launched");
        Events.happen(served.registry(), "unit other.service launched");
        try (Response response =
                        served.client()
                                .follow(
                                        "GET",
                                        "/fleet/v1/watch?unitName=web.service",
                                        Map.of(),
                                        new byte[0]);
                var feed =
                        new BufferedReader(
                                new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(response.status()).isEqualTo(200);
            assertThat(feed.readLine()).startsWith("{\"machine\":{\"id\":\"1111");
            assertThat(feed.readLine())
                    .startsWith(
                            "{\"unit\":{\"currentState\":\"inactive\",\"desiredState\":\"launched\"")
                    .contains("\"name\":\"web.service\",\"reason\":\"about to be placed\"");
            assertThat(feed.readLine()).isEqualTo("{\"synced\":true}");

            Events.happen(served.registry(), "place web.service " + ServedApi.FIRST);
            assertThat(feed.readLine()).contains("\"machineID\":\"1111");
            Events.happen(
                    served.registry(),
                    "state web.service " + ServedApi.FIRST + " loaded active running");
            assertThat(feed.readLine()).contains("\"currentState\":\"launched\"");
            assertThat(feed.readLine())
                    .startsWith("{\"state\":{")
                    .contains("\"systemdSubState\":\"running\"");
            Events.happen(served.registry(), "destroy web.service");
            assertThat(feed.readLine()).isEqualTo("{\"unitGone\":{\"name\":\"web.service\"}}");
            Events.happen(served.registry(), "lose " + ServedApi.FIRST);
            assertThat(feed.readLine())
                    .isEqualTo("{\"machineGone\":{\"id\":\"" + ServedApi.FIRST + "\"}}");
            assertThat(feed.readLine()).startsWith("{\"stateGone\":{");
        }
    }

    @Test
    void theFeedOutlivesAStoreThatIsAwayForAWhile() throws Exception {
        try (Response response =
                        served.client().follow("GET", "/fleet/v1/watch", Map.of(), new byte[0]);
                var feed =
                        new BufferedReader(
                                new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(feed.readLine()).isEqualTo("{\"synced\":true}");
            served.registry().away(true);
            served.registry().away(false);
            Events.happen(served.registry(), "machine " + ServedApi.FIRST + " 10.88.0.11");

            assertThat(feed.readLine()).startsWith("{\"machine\":");
        }
    }
}
