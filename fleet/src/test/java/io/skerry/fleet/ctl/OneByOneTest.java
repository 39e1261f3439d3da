package io.skerry.fleet.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.HttpCall;
import io.skerry.base.http.HttpListener;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
import io.skerry.fleet.api.Events;
import io.skerry.fleet.api.ServedApi;
import io.skerry.fleet.api.schema.JsonWriter;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.store.RegistryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands with several units against APIs that have no requests for several units. */
class OneByOneTest {
    private static final List<String> UNITS = List.of("a.service", "b.service", "c.service");

    @TempDir private Path directory = Path.of("");

    private final Network network = Network.start(1);
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final ServedApi served;
    private final BlockingHttp behind;

    OneByOneTest() throws IOException {
        served = new ServedApi();
        behind = served.client();
    }

    /** How such an API answers requests for several units. */
    enum Kind {
        /** It does not look at names in the query of a list. */
        ORIGINAL,
        /** The same, where an answer takes longer than the pause between two questions. */
        SLOW_ORIGINAL,
        /** Our first versions refuse queries that they do not know. */
        FIRST_VERSIONS,
        /** Ours of today, over a store where nobody may write. */
        FORBIDDING,
        /** Ours of today, where somebody else destroys the units a moment before. */
        LATE
    }

    @AfterEach
    void close() {
        behind.close();
        served.close();
        network.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ORIGINAL", "FIRST_VERSIONS"})
    void changeEachUnitByItselfAndAskForAllTogetherOnlyOnce(Kind kind) throws Exception {
        Events.happen(served.registry(), "unit other.service launched");
        try (HttpListener listener = listen(kind)) {
            for (String unit : UNITS) {
                Files.writeString(
                        directory.resolve(unit), "[Service]\nExecStart=/bin/true\n# " + unit);
            }

            assertThat(run(listener, "start", "--no-block")).startsWith("0 ");
            assertThat(units(TargetState.LAUNCHED))
                    .containsExactly("a.service", "b.service", "c.service", "other.service");
            assertThat(run(listener, "stop", "--no-block")).startsWith("0 ");
            assertThat(units(TargetState.LOADED)).containsExactlyElementsOf(UNITS);
            asked.clear();
            assertThat(run(listener, "destroy", "--no-block")).startsWith("0 ");
            assertThat(units(TargetState.LAUNCHED)).containsExactly("other.service");
            assertThat(units(TargetState.LOADED)).isEmpty();
        }

        // What the list has answered tells of our first versions that they know none of it.
        assertThat(asked)
                .filteredOn("DELETE /fleet/v1/units"::equals)
                .hasSize(kind == Kind.ORIGINAL ? 1 : 0);
        assertThat(asked)
                .filteredOn(request -> request.startsWith("DELETE /fleet/v1/units/"))
                .hasSize(3);
    }

    /** Such an API has no feed, or none in the answer to a change: it is asked again and again. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ORIGINAL", "SLOW_ORIGINAL", "FIRST_VERSIONS"})
    @Timeout(300)
    void waitForWhatTheListsTell(Kind kind) throws Exception {
        Events.happen(served.registry(), "machine " + ServedApi.FIRST + " 10.88.0.11");
        Events.happen(served.registry(), "obey");
        try (HttpListener listener = listen(kind)) {
            for (String unit : UNITS) {
                Files.writeString(
                        directory.resolve(unit), "[Service]\nExecStart=/bin/true\n# " + unit);
            }

            assertThat(run(listener, "start"))
                    .startsWith("0 ")
                    .contains("Unit c.service launched on 11111111.../10.88.0.11");
            assertThat(run(listener, "stop")).startsWith("0 ").contains("c.service loaded on");
            assertThat(run(listener, "destroy")).startsWith("0 ").contains("Destroyed c.service");
        }
        assertThat(units(TargetState.LOADED)).isEmpty();
    }

    @Test
    void anyOtherRefusalEndsTheCommand() throws Exception {
        UNITS.forEach(unit -> Events.happen(served.registry(), "unit " + unit + " launched"));
        try (HttpListener listener = listen(Kind.FORBIDDING)) {
            assertThat(run(listener, "stop", "--no-block")).startsWith("1 ").contains("not today");
        }
        assertThat(units(TargetState.LAUNCHED)).containsExactlyElementsOf(UNITS);
        assertThat(asked).noneMatch(request -> request.startsWith("PUT /fleet/v1/units/"));
    }

    @Test
    void unitsThatAreGoneMeanwhileAreNotAskedForOneByOne() throws Exception {
        UNITS.forEach(unit -> Events.happen(served.registry(), "unit " + unit + " launched"));
        try (HttpListener listener = listen(Kind.LATE)) {
            assertThat(run(listener, "destroy", "--no-block")).startsWith("0 ");
        }
        assertThat(asked).filteredOn("DELETE /fleet/v1/units"::equals).hasSize(1);
        assertThat(asked).noneMatch(request -> request.startsWith("DELETE /fleet/v1/units/"));
    }

    private List<String> units(TargetState state) throws RegistryException {
        return served.registry().units().stream()
                .filter(unit -> unit.targetState() == state)
                .map(Unit::name)
                .map(String::valueOf)
                .toList();
    }

    private HttpListener listen(Kind kind) throws IOException {
        var router =
                new HttpRouter()
                        .any(
                                "/{rest...}",
                                call -> {
                                    asked.add(call.method() + " " + call.path());
                                    return answer(kind, call);
                                });
        return HttpListener.start(
                network,
                new ListenUrl.Tcp("127.0.0.1", 0, false),
                HttpListener.Options.of(null, router));
    }

    private HttpReply answer(Kind kind, HttpCall call) throws IOException, InterruptedException {
        if (kind == Kind.SLOW_ORIGINAL && call.path().equals("/fleet/v1/machines")) {
            TimeUnit.MILLISECONDS.sleep(600);
        }
        if (call.path().equals("/fleet/v1/watch")) {
            return error(404, "404 page not found");
        }
        if (kind == Kind.FIRST_VERSIONS && call.query().containsKey("watch")) {
            return error(400, "unknown query parameter 'watch'; allowed here: none");
        }
        if (call.path().equals("/fleet/v1/units")) {
            boolean list = call.method().equals("GET");
            if (kind == Kind.FORBIDDING && !list) {
                return error(403, "not today");
            }
            if (kind == Kind.LATE && !list) {
                return error(404, "none of the units exists");
            }
            if (kind != Kind.FORBIDDING && !list) {
                return error(405, "only GET supported against this resource");
            }
            if (kind == Kind.FIRST_VERSIONS && call.query().containsKey("unitName")) {
                return error(
                        400, "unknown query parameter 'unitName'; allowed here: nextPageToken");
            }
        }
        var headers = Map.of("content-type", "application/json");
        try (var response =
                behind.send(call.method(), call.path(), headers, call.body().toByteArray())) {
            byte[] body = response.body().readAllBytes();
            return response.status() == 204
                    ? HttpReply.empty(204)
                    : HttpReply.json(response.status(), body);
        }
    }

    private static HttpReply error(int status, String message) {
        return HttpReply.json(status, JsonWriter.error(status, message));
    }

    /** The exit status, then what was said. */
    private String run(HttpListener listener, String... command) {
        var said = new StringWriter();
        var words = new ArrayList<>(List.of("--request-timeout=60"));
        words.addAll(List.of(command));
        words.addAll(UNITS);
        int status =
                FleetCtl.run(
                        words,
                        new Surroundings(
                                "fleetctl",
                                "1.2.3",
                                new PrintWriter(said),
                                new PrintWriter(said),
                                Map.of(),
                                directory,
                                () ->
                                        new Endpoints(
                                                List.of(
                                                        new ListenUrl.Tcp(
                                                                "127.0.0.1",
                                                                listener.port(),
                                                                false)),
                                                null)));
        return status + " " + said;
    }
}
