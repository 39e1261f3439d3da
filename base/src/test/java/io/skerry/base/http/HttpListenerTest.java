package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.net.FreePorts;
import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import io.skerry.base.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpListenerTest {
    private static final Pattern NO_CERTIFICATE =
            Pattern.compile("alert: (bad_certificate|certificate_required)");

    private static final Pattern DISTRUST = Pattern.compile("PKIX");

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

    private static HttpRouter routes() {
        return new HttpRouter()
                .route("GET", "/units/{name}", call -> HttpReply.text(200, call.parameter("name")))
                .route(
                        "PUT",
                        "/units/{name}",
                        List.of("application/json"),
                        call -> HttpReply.text(201, call.bodyText()))
                .route(
                        "GET",
                        "/who",
                        call ->
                                HttpReply.text(
                                        200,
                                        call.peerCertificate() == null
                                                ? "nobody"
                                                : call.peerCertificate()
                                                        .getSubjectX500Principal()
                                                        .getName()))
                .route(
                        "GET",
                        "/fails",
                        call -> {
                            throw new HttpError(409, "not now");
                        })
                .route(
                        "GET",
                        "/breaks",
                        call -> {
                            throw new StackOverflowError("too deep");
                        })
                .errors((status, message) ->
                        HttpReply.json(
                                status,
                                ("{\"error\":\"" + message + "\"}")
                                        .getBytes(StandardCharsets.UTF_8)));
    }

    private static HttpListener plain(HttpRouter router) throws IOException {
        return HttpListener.start(
                network,
                new ListenUrl.Tcp("127.0.0.1", 0, false),
                new HttpListener.Options(null, 1000, 1000, router, null));
    }

    private static BlockingHttp client(HttpListener listener) {
        return new BlockingHttp(
                new ListenUrl.Tcp("127.0.0.1", listener.port(), false),
                null,
                Duration.ofSeconds(60));
    }

    private static String get(BlockingHttp client, String target) throws IOException {
        try (var response = client.send("GET", target, Map.of(), new byte[0])) {
            return response.status() + " " + response.text();
        }
    }

    @Test
    void servesRoutesAndWritesItsOwnErrorsThroughTheRouter() throws IOException {
        try (var listener = plain(routes())) {
            var client = client(listener);
            assertThat(get(client, "/units/web%20one.service?x=1"))
                    .isEqualTo("200 web one.service");
            assertThat(get(client, "/nowhere")).startsWith("404 {\"error\"");
            assertThat(get(client, "/fails")).isEqualTo("409 {\"error\":\"not now\"}");
            assertThat(get(client, "/breaks"))
                    .isEqualTo("500 {\"error\":\"internal error: too deep\"}");
            try (var response = client.send("DELETE", "/who", Map.of(), new byte[0])) {
                assertThat(response.status()).isEqualTo(405);
                assertThat(response.header("Allow")).isEqualTo("GET");
            }
        }
    }

    @Test
    void refusesBodiesThatAreTooLargeOrOfAnotherType() throws IOException {
        try (var listener = plain(routes())) {
            var client = client(listener);
            var json = Map.of("content-type", "application/json; charset=utf-8");
            try (var response =
                    client.send("PUT", "/units/a", json, "{}".getBytes(StandardCharsets.UTF_8))) {
                assertThat(response.status()).isEqualTo(201);
                assertThat(response.text()).isEqualTo("{}");
            }
            try (var response =
                    client.send(
                            "PUT",
                            "/units/a",
                            Map.of("content-type", "text/plain"),
                            new byte[] {1})) {
                assertThat(response.status()).isEqualTo(415);
            }
            try (var response = client.send("PUT", "/units/a", json, new byte[1001])) {
                assertThat(response.status()).isEqualTo(413);
            }
        }
    }

    @Test
    void streamsABodyAndTellsTheHandlerThatTheClientIsGone() throws Exception {
        var gone = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var router =
                new HttpRouter()
                        .route(
                                "GET",
                                "/log",
                                call ->
                                        HttpReply.stream(
                                                200,
                                                "text/plain",
                                                sink -> {
                                                    sink.onClose(gone::countDown);
                                                    try {
                                                        while (true) {
                                                            sink.write(
                                                                    "line\n"
                                                                            .getBytes(
                                                                                    StandardCharsets
                                                                                            .UTF_8));
                                                        }
                                                    } finally {
                                                        ended.countDown();
                                                    }
                                                }));
        try (var listener = plain(router)) {
            try (var response = client(listener).follow("GET", "/log", Map.of(), new byte[0])) {
                assertThat(new String(response.body().readNBytes(10), StandardCharsets.UTF_8))
                        .isEqualTo("line\nline\n");
            }
            assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingEndsStreamsThatAreSilent() throws Exception {
        var entered = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var router =
                new HttpRouter()
                        .route(
                                "GET",
                                "/log",
                                call ->
                                        HttpReply.stream(
                                                200,
                                                "text/plain",
                                                sink -> {
                                                    entered.countDown();
                                                    try {
                                                        new CountDownLatch(1).await();
                                                    } finally {
                                                        interrupted.countDown();
                                                    }
                                                }));
        var listener = plain(router);
        try (var response = client(listener).follow("GET", "/log", Map.of(), new byte[0])) {
            assertThat(response.status()).isEqualTo(200);
            assertThat(entered.await(60, TimeUnit.SECONDS)).isTrue();
            listener.close();
            assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aReusingClientSendsAllRequestsOverOneConnectionAndANewOneWhenThatIsGone()
            throws IOException {
        var router =
                new HttpRouter()
                        .route("GET", "/me", call -> HttpReply.text(200, call.remoteAddress()));
        // No outgoing connection takes such a port while nobody listens at it.
        var url = new ListenUrl.Tcp("127.0.0.1", FreePorts.next(), false);
        var options = HttpListener.Options.of(null, router);
        String first;
        try (var client = BlockingHttp.reusing(url, null, Duration.ofSeconds(60))) {
            try (var _ = HttpListener.start(network, url, options)) {
                first = get(client, "/me");
                assertThat(get(client, "/me")).isEqualTo(first);
                assertThat(get(client, "/none")).startsWith("404");
                assertThat(get(client, "/me")).isEqualTo(first);
            }
            try (var again = HttpListener.start(network, url, options)) {
                assertThat(again.port()).isEqualTo(url.port());
                assertThat(get(client, "/me")).startsWith("200 ").isNotEqualTo(first);
            }
        }
    }

    @Test
    void servesAUnixSocketAndReplacesOneThatAKilledProcessLeft() throws IOException {
        var url = new ListenUrl.Unix(directory.resolve("api.sock"));
        Files.writeString(url.path(), "");
        try (var listener =
                HttpListener.start(network, url, HttpListener.Options.of(null, routes()))) {
            assertThat(listener.port()).isEqualTo(-1);
            assertThat(get(new BlockingHttp(url, null, Duration.ofSeconds(60)), "/units/a"))
                    .isEqualTo("200 a");
            assertThatThrownBy(() ->
                            HttpListener.start(
                                    network, url, HttpListener.Options.of(null, routes())))
                    .hasMessageContaining("another process");
        }
        assertThat(url.path()).doesNotExist();
    }

    @Test
    void saysThatAPortIsInUse() throws IOException {
        try (var listener = plain(routes())) {
            var other = Network.start(1);
            try (other) {
                assertThatThrownBy(() ->
                                HttpListener.start(
                                        other,
                                        new ListenUrl.Tcp("127.0.0.1", listener.port(), false),
                                        HttpListener.Options.of(null, routes())))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("in use");
            }
        }
    }

    private HttpListener secure(TlsFiles files) throws IOException {
        return HttpListener.start(
                network,
                new ListenUrl.Tcp("127.0.0.1", 0, true),
                HttpListener.Options.of(files, routes()));
    }

    private static BlockingHttp secureClient(HttpListener listener, @Nullable TlsFiles files) {
        return new BlockingHttp(
                new ListenUrl.Tcp("127.0.0.1", listener.port(), true),
                files,
                Duration.ofSeconds(60));
    }

    @Test
    void mutualTlsShowsTheClientAndRefusesStrangers() throws IOException {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        var stranger = CertificateAuthority.create(directory.resolve("other"), "theirs");
        var server =
                authority
                        .issue(CertificateUse.SERVER, "server", List.of())
                        .writeTo(directory.resolve("server"), "server");
        var client =
                authority
                        .issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("client"), "client");
        var foreign =
                stranger.issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("foreign"), "client");
        var foreignTrustingUs =
                new TlsFiles(
                        foreign.certificate(), foreign.key(), authority.certificateFile(), false);
        try (var listener = secure(server)) {
            assertThat(get(secureClient(listener, client), "/who")).isEqualTo("200 CN=ada");
            assertThatThrownBy(() -> get(secureClient(listener, foreignTrustingUs), "/who"))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> get(secureClient(listener, foreign), "/who"))
                    .hasMessageContaining("TLS");
        }
        var optional = new TlsFiles(server.certificate(), server.key(), server.trustedCa(), false);
        try (var listener = secure(optional)) {
            assertThat(get(secureClient(listener, client), "/who")).isEqualTo("200 CN=ada");
        }
    }

    @Test
    void whoIsRefusedInTheHandshakeIsNotCutOff() throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        var server =
                authority
                        .issue(CertificateUse.SERVER, "server", List.of())
                        .writeTo(directory.resolve("server"), "server");
        byte[] words = new byte[1 << 20];
        try (var listener = secure(server)) {
            await(
                    "an end that is no reset",
                    () -> {
                        try (var socket =
                                new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
                            socket.setSoTimeout(60_000);
                            socket.getOutputStream().write(words);
                            socket.shutdownOutput();
                            return socket.getInputStream().readAllBytes().length < words.length;
                        }
                    });
            var nobody =
                    BlockingHttp.over(
                            new ListenUrl.Tcp("127.0.0.1", listener.port(), true),
                            TlsIdentity.clientContext(null, authority.certificateFile(), true),
                            Duration.ofSeconds(60));
            await(
                    "the reason of the refusal",
                    () -> {
                        try {
                            throw new AssertionError(
                                    "served without a certificate: " + get(nobody, "/"));
                        } catch (IOException refused) {
                            return isFor(NO_CERTIFICATE, refused);
                        }
                    });
        }
    }

    /**
     * Repeats an attempt until it is true. A reset may overtake a server's words, and while only
     * one of two new files is in use, the server may refuse the client.
     */
    private static void await(String what, Attempt attempt) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        IOException last = null;
        while (System.nanoTime() < deadline) {
            try {
                if (attempt.succeeds()) {
                    return;
                }
            } catch (IOException e) {
                last = e;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("waited in vain for " + what, last);
    }

    private interface Attempt {
        boolean succeeds() throws IOException;
    }

    /** Whether it failed for this reason; for another, it is thrown on. */
    private static boolean isFor(Pattern reason, IOException failure) throws IOException {
        if (!reason.matcher(String.valueOf(failure.getMessage())).find()) {
            throw failure;
        }
        return true;
    }

    @Test
    void newCertificatesAreServedWithoutARestart() throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        var files =
                authority
                        .issue(CertificateUse.SERVER, "first", List.of())
                        .writeTo(directory.resolve("server"), "server");
        var client =
                authority
                        .issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("client"), "client");
        try (var listener = secure(files)) {
            var https = secureClient(listener, client);
            assertThat(get(https, "/who")).isEqualTo("200 CN=ada");
            // A server of another authority: our client must refuse it once it is served.
            CertificateAuthority.create(directory.resolve("other"), "theirs")
                    .issue(CertificateUse.SERVER, "second", List.of())
                    .writeTo(directory.resolve("server"), "server");
            await(
                    "the new certificate",
                    () -> {
                        try {
                            return get(https, "/who").isEmpty();
                        } catch (IOException refused) {
                            return isFor(DISTRUST, refused);
                        }
                    });
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsRefusedAtTheStart() throws IOException {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        var one =
                authority
                        .issue(CertificateUse.SERVER, "one", List.of())
                        .writeTo(directory.resolve("one"), "server");
        var two =
                authority
                        .issue(CertificateUse.SERVER, "two", List.of())
                        .writeTo(directory.resolve("two"), "server");
        var mixed = new TlsFiles(one.certificate(), two.key(), null, false);
        assertThatThrownBy(() -> secure(mixed)).hasMessageContaining("does not belong");
        var missing = new TlsFiles(directory.resolve("none.crt"), two.key(), null, false);
        assertThatThrownBy(() -> secure(missing)).hasMessageContaining("none.crt does not exist");
    }
}
