package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The v3 API over WebSockets, beside Debian's etcd where that answers. */
class GatewaySocketTest {
    private static final String CREATE = "{\"create_request\":{\"key\":\"Zm9v\"%s}}";
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
    private static final Pattern WATCHERS =
            Pattern.compile("(?m)^etcd_debugging_mvcc_watcher_total (\\S+)$");

    private static HttpClient http;

    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void closeClient() {
        if (http != null) {
            http.close();
        }
    }

    @Test
    void streamsAreAsTheOriginalsAre() throws Exception {
        Files.createDirectories(directory.resolve("ours"));
        Files.createDirectories(directory.resolve("theirs"));
        try (var ours = Members.ours(directory.resolve("ours"), 1, null).startAll();
                var theirs = Members.theirs(directory.resolve("theirs"), 1).startAll()) {
            new Etcdctl(ours.endpoints(), null).awaitHealthy();
            new Etcdctl(theirs.endpoints(), null).awaitHealthy();

            Told.assertSame(transcript(ours.endpoint(0)), transcript(theirs.endpoint(0)));
        }
    }

    private static List<String> transcript(URI server) throws Exception {
        var lines = new ArrayList<String>();
        try (var watch = new GatewaySocket(http, server, "watch")) {
            watch.send(CREATE.formatted(""));
            lines.addAll(watch.next(1));
            watch.send(CREATE.formatted(",\"prev_kv\":true,\"watch_id\":\"7\""));
            lines.addAll(watch.next(1));
            post(server, "kv/put", "{\"key\":\"Zm9v\",\"value\":\"YQ==\"}");
            lines.addAll(sorted(watch.next(2)));
            watch.send("{\"cancel_request\":{\"watch_id\":\"7\"}}");
            lines.addAll(watch.next(1));
            post(server, "kv/put", "{\"key\":\"Zm9v\",\"value\":\"Yg==\"}");
            lines.addAll(watch.next(1));
            post(server, "kv/deleterange", "{\"key\":\"Zm9v\"}");
            lines.addAll(watch.next(1));
        }
        post(server, "lease/grant", "{\"ID\":\"9\",\"TTL\":\"100\"}");
        try (var alive = new GatewaySocket(http, server, "lease/keepalive")) {
            alive.send("{\"ID\":\"9\"}");
            lines.addAll(alive.next(1));
            alive.send("{\"ID\":\"9\"}", "{\"ID\":\"8\"}");
            lines.addAll(alive.next(2));
        }
        return lines.stream()
                .map(line -> line.replaceAll("\"(cluster_id|member_id|raft_term)\":\"\\d+\",?", ""))
                .toList();
    }

    /** Watches of one stream are told in either order. */
    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    private static String post(URI server, String path, String body) throws Exception {
        var request =
                HttpRequest.newBuilder(server.resolve("/v3/" + path))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void answersSingleCallsAndSaysWhatIsWrong() throws Exception {
        try (var members = Members.ours(directory, 1, null).startAll()) {
            new Etcdctl(members.endpoints(), null).awaitHealthy();
            URI server = members.endpoint(0);
            post(server, "kv/put", "{\"key\":\"Zm9v\",\"value\":\"YmFy\"}");

            var range = new GatewaySocket(http, server, "kv/range").send("{\"key\":\"Zm9v\"}");
            assertThat(range.next()).startsWith("{\"header\":").contains("\"value\":\"YmFy\"");
            assertThat(range.next()).isEqualTo("close 1000 ");

            var wrong = new GatewaySocket(http, server, "kv/range").send("{\"key\":");
            assertThat(wrong.next()).contains("\"message\":\"unexpected EOF\"", "\"code\":3");
            assertThat(wrong.next()).isEqualTo("close 1000 ");

            var observe =
                    new GatewaySocket(http, server, "election/observe")
                            .send("{\"name\":\"eA==\"}", "{\"name\":\"eA==\"}");
            assertThat(observe.next()).contains("\"error\"", "takes one request");
            assertThat(observe.next()).isEqualTo("close 1000 ");

            var watch = new GatewaySocket(http, server, "watch").send(CREATE.formatted(""));
            assertThat(watch.next()).contains("\"created\":true");
            watch.send("no JSON");
            assertThat(watch.next()).contains("\"error\"", "\"http_code\":400");
            assertThat(watch.next()).isEqualTo("close 1000 ");

            var large = new GatewaySocket(http, server, "kv/put");
            large.send("x".repeat(4 << 20));
            assertThat(large.next()).startsWith("close 1009 ");

            assertThatThrownBy(() -> new GatewaySocket(http, server, "no/such"))
                    .isInstanceOf(CompletionException.class);
            awaitWatchers(server, 0);
        }
    }

    @Test
    void watchersOfAClientThatVanishesAreFreedAndAServerThatGoesSaysSo() throws Exception {
        try (var members = Members.ours(directory, 1, null).startAll()) {
            new Etcdctl(members.endpoints(), null).awaitHealthy();
            URI server = members.endpoint(0);
            String create = CREATE.formatted("");
            var gone = new GatewaySocket(http, server, "watch").send(create + create, create);
            assertThat(gone.next(3)).allMatch(line -> line.contains("\"created\":true"));
            awaitWatchers(server, 3);
            gone.vanish();
            awaitWatchers(server, 0);

            var left = new GatewaySocket(http, server, "watch").send(create);
            assertThat(left.next()).contains("\"created\":true");
            awaitWatchers(server, 1);
            left.close();
            assertThat(left.next()).startsWith("close 1000");
            awaitWatchers(server, 0);

            var last = new GatewaySocket(http, server, "watch").send(create);
            assertThat(last.next()).contains("\"created\":true");
            members.process(0).destroy();
            assertThat(last.next()).startsWith("close 1001 ");
        }
    }

    private static void awaitWatchers(URI server, int count) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String seen;
        do {
            var request = HttpRequest.newBuilder(server.resolve("/metrics")).build();
            var found =
                    WATCHERS.matcher(
                            http.send(request, HttpResponse.BodyHandlers.ofString()).body());
            seen = found.find() ? found.group(1) : "none";
            if (Double.parseDouble(seen) == count) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        } while (System.nanoTime() < deadline);
        throw new AssertionError("there are " + seen + " watchers, not " + count);
    }

    @Test
    void aTokenComesAsASubprotocol() throws Exception {
        try (var members =
                Members.ours(directory, 1, null, List.of("--bcrypt-cost", "4")).startAll()) {
            var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
            URI server = members.endpoint(0);
            for (String line :
                    List.of("user add root:toor", "user grant-role root root", "auth enable")) {
                etcdctl.run(line.split(" ", -1));
            }
            var found =
                    TOKEN.matcher(
                            post(
                                    server,
                                    "auth/authenticate",
                                    "{\"name\":\"root\",\"password\":\"toor\"}"));
            assertThat(found.find()).isTrue();
            String token = found.group(1);

            var known = new GatewaySocket(http, server, "watch", token).send(CREATE.formatted(""));
            assertThat(known.next()).contains("\"created\":true").doesNotContain("cancel");
            var range =
                    new GatewaySocket(http, server, "kv/range", token).send("{\"key\":\"Zm9v\"}");
            assertThat(range.next()).startsWith("{\"header\":");
            var nobody = new GatewaySocket(http, server, "kv/range").send("{\"key\":\"Zm9v\"}");
            assertThat(nobody.next()).contains("\"message\":\"etcdserver: user name is empty\"");
            var stranger =
                    new GatewaySocket(http, server, "kv/range", "none.1")
                            .send("{\"key\":\"Zm9v\"}");
            assertThat(stranger.next()).contains("invalid auth token");
        }
    }
}
