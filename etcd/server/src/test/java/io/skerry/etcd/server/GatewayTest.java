package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON gateway beside etcd's own, over the same requests. */
class GatewayTest {
    /** A path and a body each. */
    private static final List<String> REQUESTS =
            List.of(
                    "kv/put {\"key\":\"Zm9v\",\"value\":\"YmFy\"}",
                    "kv/put {\"key\":\"Zm9v\",\"value\":\"YmF6\",\"prev_kv\":true}",
                    "kv/put {\"value\":\"YmFy\"}",
                    "kv/put {\"key\":\"Zm9v\",\"something_new\":{\"a\":[1]}}",
                    "kv/range {\"key\":\"Zm9v\"}",
                    "kv/range"
                        + " {\"key\":\"Zm9v\",\"sort_order\":\"DESCEND\",\"sort_target\":\"MOD\"}",
                    "kv/range {\"key\":\"Zm9v\",\"revision\":\"3\"}",
                    "kv/range {\"key\":\"Zm9v\",\"revision\":100}",
                    "kv/range",
                    "kv/txn"
                        + " {\"compare\":[{\"result\":\"EQUAL\",\"target\":\"VALUE\",\"key\":\"Zm9v\","
                        + "\"value\":\"\"}],\"success\":[{\"request_range\":{\"key\":\"Zm9v\"}}],"
                        + "\"failure\":[{\"request_put\":{\"key\":\"eA==\",\"value\":\"eQ==\"}}]}",
                    "lease/timetolive {\"ID\":\"77\"}",
                    "lease/revoke {\"ID\":5}",
                    "lease/keepalive {\"ID\":\"77\"}{\"ID\":\"78\"}",
                    "lease/grant {\"ID\":\"9\",\"TTL\":\"100\"}",
                    "kv/put {\"key\":\"bGVhc2Vk\",\"lease\":\"9\"}",
                    ifLeased("EQUAL", "9"),
                    ifLeased("EQUAL", "8"),
                    ifLeased("GREATER", "8"),
                    ifLeased("NOT_EQUAL", "9"),
                    large(1_572_000),
                    large(1_600_000),
                    "lease/leases {}",
                    "kv/lease/leases {}",
                    "election/leader {\"name\":\"eA==\"}",
                    "election/proclaim {}",
                    "election/campaign {\"name\":\"eA==\",\"lease\":9,\"value\":\"bWU=\"}",
                    "election/leader {\"name\":\"eA==\"}",
                    "lock/lock {\"name\":\"bA==\",\"lease\":\"9\"}",
                    "lock/lock {\"name\":\"bA==\",\"lease\":\"9\"}",
                    "lock/unlock {\"key\":\"bC85\"}",
                    "kv/deleterange {\"key\":\"AA==\",\"range_end\":\"AA==\",\"prev_kv\":true}",
                    "kv/compaction {\"revision\":\"4\"}",
                    "kv/compaction {\"revision\":\"4\"}");

    /** A txn that compares what lease a key has. */
    private static String ifLeased(String result, String lease) {
        return "kv/txn {\"compare\":[{\"target\":\"LEASE\",\"key\":\"bGVhc2Vk\",\"result\":\"%s\",\"lease\":\"%s\"}]}"
                .formatted(result, lease);
    }

    /** A put of so many bytes, which are a third more in JSON. */
    private static String large(int bytes) {
        String value = Base64.getEncoder().encodeToString(new byte[bytes]);
        return "kv/put {\"key\":\"bGFyZ2U=\",\"value\":\"" + value + "\"}";
    }

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir private Path directory;

    @Test
    void answersAsTheOriginalDoes() throws Exception {
        Files.createDirectories(directory.resolve("ours"));
        Files.createDirectories(directory.resolve("theirs"));
        try (var ours = Members.ours(directory.resolve("ours"), 1, null).startAll();
                var theirs = Members.theirs(directory.resolve("theirs"), 1).startAll()) {
            new Etcdctl(ours.endpoints(), null).awaitHealthy();
            new Etcdctl(theirs.endpoints(), null).awaitHealthy();

            Told.assertSame(transcript(ours.endpoint(0)), transcript(theirs.endpoint(0)));
        }
    }

    private List<String> transcript(URI server) throws Exception {
        var lines = new ArrayList<String>();
        for (String request : REQUESTS) {
            String[] parts = request.split(" ", 2);
            var answer = post(server, parts[0], parts.length == 2 ? parts[1] : "");
            lines.add(request.substring(0, Math.min(request.length(), 200)));
            lines.add(answer.statusCode() + " " + known(answer.body()));
        }
        return lines;
    }

    /** Without what differs from cluster to cluster. */
    private static String known(String body) {
        return body.replaceAll("\"(cluster_id|member_id|raft_term)\":\"\\d+\",?", "");
    }

    private HttpResponse<String> post(URI server, String path, String body) throws Exception {
        return http.send(request(server, path, body), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(URI server, String path, String body) {
        return HttpRequest.newBuilder(server.resolve("/v3/" + path))
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** Debian's etcd 3.4 leaves out the header of what tells of alarms. */
    @Test
    void namesEveryAlarm() throws Exception {
        try (var ours = Members.ours(directory, 1, null).startAll()) {
            var server = ours.endpoint(0);
            new Etcdctl(ours.endpoints(), null).awaitHealthy();
            String raised = post(server, "maintenance/alarm", alarm("ACTIVATE")).body();
            assertThat(raised).contains("\"alarm\":\"CORRUPT\"");
            assertThat(post(server, "maintenance/alarm", "{}").body())
                    .contains("\"alarm\":\"CORRUPT\"");
            assertThat(post(server, "kv/put", "{\"key\":\"Zm9v\"}").body())
                    .contains("etcdserver: corrupt cluster");
            assertThat(post(server, "maintenance/alarm", alarm("DEACTIVATE")).body())
                    .contains("\"alarm\":\"CORRUPT\"");
            assertThat(post(server, "kv/put", "{\"key\":\"Zm9v\"}").statusCode()).isEqualTo(200);
        }
    }

    private static String alarm(String action) {
        return "{\"action\":\"" + action + "\",\"alarm\":\"CORRUPT\"}";
    }

    @Test
    void refusesWrongValuesAndFollowsAWatch() throws Exception {
        try (var ours = Members.ours(directory, 1, null).startAll()) {
            var server = ours.endpoint(0);
            new Etcdctl(ours.endpoints(), null).awaitHealthy();
            for (String wrong :
                    List.of(
                            "{\"key\":",
                            "{\"key\":\"Zm9v\",\"sort_order\":\"SIDEWAYS\"}",
                            "{\"key\":\"Zm9v\",\"limit\":\"many\"}",
                            "[1]",
                            "{} {}")) {
                var answer = post(server, "kv/range", wrong);
                assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
                assertThat(answer.body()).as(wrong).contains("\"code\":3");
            }
            assertThat(post(server, "kv/range", "{\"key\":\"!\"}").body())
                    .contains("\"message\":\"illegal base64 data\"");
            assertThat(post(server, "kv/range", "{").body())
                    .contains("\"message\":\"unexpected EOF\"");

            var watch =
                    http.send(
                            request(server, "watch", "{\"create_request\":{\"key\":\"Zm9v\"}}"),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (var lines =
                    new BufferedReader(
                            new InputStreamReader(watch.body(), StandardCharsets.UTF_8))) {
                assertThat(lines.readLine()).contains("\"created\":true");
                post(server, "kv/put", "{\"key\":\"Zm9v\",\"value\":\"YmFy\"}");
                assertThat(lines.readLine())
                        .contains("\"events\":[{\"kv\":{\"key\":\"Zm9v\"", "\"value\":\"YmFy\"");
            }
        }
    }
}
