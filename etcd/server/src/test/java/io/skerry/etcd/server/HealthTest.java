package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What probes and Prometheus see of a member. */
class HealthTest {
    @TempDir Path directory;

    @BeforeAll
    static void needsDebiansEtcd() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
    }

    @Test
    void alarmMakesAMemberUnhealthyButNotDead() throws Exception {
        try (var members = Members.ours(directory, 1, null).startAll();
                var http = HttpClient.newHttpClient()) {
            var etcdctl = new Etcdctl(members.endpoints(), null).awaitHealthy();
            URI member = members.endpoint(0);
            assertThat(get(http, member, "/health"))
                    .isEqualTo("200 {\"health\":\"true\",\"reason\":\"\"}");
            assertThat(get(http, member, "/livez")).isEqualTo("200 ok\n");
            assertThat(get(http, member, "/readyz?verbose"))
                    .isEqualTo(
                            """
                            200 [+]data_corruption ok
                            [+]serializable_read ok
                            [+]linearizable_read ok
                            ok
                            """);
            etcdctl.out("put", "a", "1");
            etcdctl.out("put", "a", "2");
            etcdctl.out("del", "a");
            try (var client = RawClient.of(member)) {
                client.raise(7, 2);
            }
            assertThat(get(http, member, "/health"))
                    .isEqualTo("503 {\"health\":\"false\",\"reason\":\"ALARM CORRUPT\"}");
            assertThat(get(http, member, "/health?exclude=CORRUPT")).startsWith("200 ");
            assertThat(get(http, member, "/readyz"))
                    .startsWith("503 [-]data_corruption failed: alarm activated: CORRUPT\n");
            assertThat(get(http, member, "/readyz?exclude=data_corruption")).startsWith("200 ");
            assertThat(get(http, member, "/readyz/linearizable_read")).isEqualTo("200 ok\n");
            assertThat(get(http, member, "/livez")).isEqualTo("200 ok\n");
            assertThat(get(http, member, "/metrics"))
                    .contains("etcd_mvcc_put_total 2.0")
                    .contains("etcd_mvcc_delete_total 1.0")
                    .contains("etcd_debugging_mvcc_keys_total 0.0")
                    .contains("etcd_server_quota_backend_bytes 2.147483648E9")
                    .contains("etcd_server_health_failures 1.0")
                    .contains("etcd_server_version{server_version=\"");
        }
    }

    private static String get(HttpClient http, URI member, String path) throws Exception {
        var request = HttpRequest.newBuilder(member.resolve(path)).build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
