package io.skerry.etcd.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.InProcessTransport;
import io.skerry.base.http.HttpListener;
import io.skerry.base.http.HttpReply;
import io.skerry.base.http.HttpRouter;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.process.Command;
import io.skerry.base.tls.TlsFiles;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our gRPC server under etcdctl, which is grpc-go; and our client in-process over the same
 * handlers.
 */
class InteropTest {
    private static Network network;

    @TempDir Path directory;

    @BeforeAll
    static void startNetwork() {
        network = Network.start(2);
    }

    @AfterAll
    static void stopNetwork() {
        network.close();
    }

    private static Command etcdctl(HttpListener listener, @Nullable TlsFiles tls, String... words) {
        var all = new java.util.ArrayList<String>();
        all.add("etcdctl");
        all.add(
                "--endpoints="
                        + (tls == null ? "http" : "https")
                        + "://127.0.0.1:"
                        + listener.port());
        if (tls != null) {
            all.add("--cacert=" + tls.trustedCa());
            all.add("--cert=" + tls.certificate());
            all.add("--key=" + tls.key());
        }
        all.addAll(List.of(words));
        // Its own limits are 5 s and 2 s, which a busy machine may need.
        all.add("--command-timeout=60s");
        all.add("--dial-timeout=60s");
        return Command.of(all).environment("ETCDCTL_API", "3").timeout(Duration.ofSeconds(150));
    }

    private HttpListener listener(@Nullable TlsFiles tls) throws Exception {
        var http = new HttpRouter().route("GET", "/health", call -> HttpReply.text(200, "ok"));
        return HttpListener.start(
                network,
                new ListenUrl.Tcp("127.0.0.1", 0, tls != null),
                HttpListener.Options.of(tls, http, new FakeStore().router()));
    }

    @Test
    void etcdctlPutsGetsAndWatchesInClearText() throws Exception {
        try (var listener = listener(null)) {
            putsGetsAndWatches(listener, null);
        }
    }

    @Test
    void etcdctlPutsGetsAndWatchesOverMutualTls() throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        var server =
                authority
                        .issue(CertificateUse.SERVER, "etcd", List.of())
                        .writeTo(directory.resolve("server"), "server");
        var client =
                authority
                        .issue(CertificateUse.CLIENT, "root", List.of())
                        .writeTo(directory.resolve("client"), "client");
        try (var listener = listener(server)) {
            putsGetsAndWatches(listener, client);
            var bare = new TlsFiles(server.certificate(), server.key(), client.trustedCa(), false);
            assertThat(etcdctl(listener, bare, "get", "a").run().exitCode()).isZero();
        }
    }

    private static void putsGetsAndWatches(HttpListener listener, @Nullable TlsFiles tls)
            throws Exception {
        assertThat(etcdctl(listener, tls, "put", "a", "1").check().stdout()).isEqualTo("OK\n");
        assertThat(etcdctl(listener, tls, "get", "a").check().stdout()).isEqualTo("a\n1\n");
        String large = "x".repeat(1_400_000);
        etcdctl(listener, tls, "put", "large").stdin(large).check();
        assertThat(etcdctl(listener, tls, "get", "large", "--print-value-only").check().stdout())
                .isEqualTo(large + "\n");
        assertThat(etcdctl(listener, tls, "del", "a").run().stderr()).contains("unknown method");
        watches(listener, tls);
    }

    private static void watches(HttpListener listener, @Nullable TlsFiles tls) throws Exception {
        var watch = new ProcessBuilder(etcdctl(listener, tls, "watch", "a").arguments()).start();
        try (BufferedReader lines = watch.inputReader()) {
            // The watch is not known to be there before it tells something.
            while (!lines.ready()) {
                etcdctl(listener, tls, "put", "a", "2").check();
            }
            assertThat(List.of(lines.readLine(), lines.readLine(), lines.readLine()))
                    .containsExactly("PUT", "a", "2");
        } finally {
            watch.destroyForcibly();
        }
    }

    @Test
    void theClientWorksInProcess() throws Exception {
        try (var client = EtcdClient.over(new InProcessTransport(new FakeStore().router()))) {
            var events = new Events();
            try (var _ = client.watch(WatchRequest.key("a"), events)) {
                events.awaitCreated();
                long revision = client.put("a", ByteString.copyFromUtf8("1")).revision();
                assertThat(client.get("a").orElseThrow().modRevision()).isEqualTo(revision);
                assertThat(events.values(1)).containsExactly("1");
            }
        }
    }
}
