package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.skerry.base.net.FreePorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that is set by etcd's configuration file, and what it tells of slow requests. */
class OperationFlagsTest {
    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
    }

    @Test
    void limitsLogsAndMetricsAreAsTheFileSays() throws Exception {
        String client = "http://127.0.0.1:" + FreePorts.next();
        String peer = "http://127.0.0.1:" + FreePorts.next();
        String metrics = "http://127.0.0.1:" + FreePorts.next();
        Path log = directory.resolve("member.log");
        Path file =
                Files.writeString(
                        directory.resolve("etcd.yml"),
                        """
                        name: filed
                        data-dir: %s
                        listen-client-urls: %s
                        advertise-client-urls: %s
                        listen-peer-urls: %s
                        initial-advertise-peer-urls: %s
                        listen-metrics-urls: %s
                        metrics: extensive
                        enable-v2: false
                        enable-grpc-gateway: false
                        cors: http://a.example/,http://b.example
                        host-whitelist: 127.0.0.1,localhost
                        max-txn-ops: 1
                        max-request-bytes: 1000
                        experimental-warning-apply-duration: 1ns
                        experimental-warning-unary-request-duration: 1ns
                        log-outputs: [%s]
                        """
                                .formatted(
                                        directory.resolve("data"),
                                        client,
                                        client,
                                        peer,
                                        peer,
                                        metrics,
                                        log));
        try (var members =
                Members.ours(directory, 1, null, List.of("--config-file", file.toString()))) {
            members.startAll();
            var etcdctl = new Etcdctl(List.of(URI.create(client)), null).awaitHealthy();
            assertThat(etcdctl.out("member", "list")).contains(", filed, ");
            etcdctl.out("put", "key", "hidden");
            etcdctl.out("get", "key");
            assertThat(etcdctl.runWith("\n\nput a 1\nput b 2\n\n", "txn").stderr())
                    .contains("too many operations in txn request");
            assertThat(etcdctl.runWith("v".repeat(2000), "put", "large").stderr())
                    .contains("request is too large");
            // A request is told, and counted, when its answer is on its way.
            await(
                    "the log to tell of all",
                    () -> Files.readString(log),
                    told ->
                            assertThat(told)
                                    .contains("apply request took too long")
                                    .contains("request=\"put key:key value_size:6\"")
                                    .contains("prefix=\"read-only range \"")
                                    .containsPattern(
                                            "response=\"range_response_count:1 size:\\d+\"")
                                    .contains("method=/etcdserverpb.KV/Put")
                                    .contains("expectedDuration=")
                                    .doesNotContain("hidden"));
            try (var http = HttpClient.newHttpClient()) {
                for (String off : List.of("/v2/keys/", "/v3/kv/range")) {
                    var asked = HttpRequest.newBuilder(URI.create(client + off)).build();
                    assertThat(
                                    http.send(asked, HttpResponse.BodyHandlers.discarding())
                                            .statusCode())
                            .as(off)
                            .isEqualTo(404);
                }
                var page =
                        HttpRequest.newBuilder(URI.create(client + "/version"))
                                .header("Origin", "http://a.example")
                                .build();
                assertThat(http.send(page, HttpResponse.BodyHandlers.discarding()).headers().map())
                        .containsEntry("access-control-allow-origin", List.of("http://a.example"));
                var request = HttpRequest.newBuilder(URI.create(metrics + "/metrics")).build();
                await(
                        "the metrics to count all",
                        () -> http.send(request, HttpResponse.BodyHandlers.ofString()).body(),
                        text ->
                                assertThat(text)
                                        .contains("grpc_server_handling_seconds_count{")
                                        .containsPattern(
                                                "grpc_server_handled_total\\{grpc_code=\"OK\","
                                                    + "grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"\\}"
                                                    + " 1")
                                        .containsPattern(
                                                "grpc_server_handled_total\\{grpc_code=\"InvalidArgument\","
                                                    + "grpc_method=\"Txn\""));
            }
        }
    }

    /** Looks until what is seen is as it should be, or a minute has passed. */
    private static void await(String what, Callable<String> look, Consumer<String> wanted)
            throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            String seen = look.call();
            try {
                wanted.accept(seen);
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() - until > 0) {
                    throw new AssertionError("waited in vain for " + what, e);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }
}
