package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A WebSocket of the JDK, and raw frames where that sends none that are wrong. */
class WebSocketTest {
    private static final int MOST = 1000;

    private static Network network;
    private static HttpClient http;

    @TempDir Path directory;

    @BeforeAll
    static void startNetwork() {
        network = Network.start(2);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stopNetwork() {
        http.close();
        network.close();
    }

    private static HttpRouter echo() {
        return new HttpRouter()
                .route("GET", "/plain", _ -> HttpReply.text(200, "plain"))
                .socket("/{room}/echo", List.of("Bearer"), WebSocketTest::echo);
    }

    private static void echo(HttpCall call, WebSocket socket)
            throws IOException, InterruptedException {
        for (String text = socket.receive(); text != null; text = socket.receive()) {
            switch (text) {
                case "end" -> {
                    return;
                }
                case "break" -> throw new IllegalStateException("broken");
                default -> socket.send(call.parameter("room") + " " + text);
            }
        }
    }

    private static HttpListener serve(HttpRouter router) throws IOException {
        return HttpListener.start(
                network,
                new ListenUrl.Tcp("127.0.0.1", 0, false),
                new HttpListener.Options(null, MOST, MOST, router, null));
    }

    private static String url(HttpListener listener) {
        return "ws://127.0.0.1:" + listener.port() + "/a/echo";
    }

    @Test
    void takesTextAndBytesWholeAndInFragmentsAndAnswersPings() throws Exception {
        try (var listener = serve(echo())) {
            var heard = new SocketClient();
            var socket = heard.open(http, url(listener));
            socket.sendText("one", true).join();
            assertThat(heard.next()).isEqualTo("a one");
            socket.sendText("t", false).join();
            socket.sendPing(ByteBuffer.allocate(3)).join();
            assertThat(heard.next()).isEqualTo("pong of 3 bytes");
            socket.sendText("wo ü", true).join();
            assertThat(heard.next()).isEqualTo("a two ü");
            socket.sendBinary(ByteBuffer.wrap("three".getBytes(StandardCharsets.UTF_8)), true)
                    .join();
            assertThat(heard.next()).isEqualTo("a three");
            socket.sendText("x".repeat(MOST), true).join();
            assertThat(heard.next()).hasSize(MOST + 2);
            socket.sendText("end", true).join();
            assertThat(heard.next()).isEqualTo("close 1000 ");
        }
    }

    @Test
    void saysWhyItClosesWhatTheClientSpoils() throws Exception {
        try (var listener = serve(echo())) {
            var large = new SocketClient();
            var _ = large.open(http, url(listener)).sendText("x".repeat(MOST + 1), true);
            assertThat(large.next()).startsWith("close 1009 ");

            var fragments = new SocketClient();
            var socket = fragments.open(http, url(listener));
            socket.sendText("x".repeat(MOST), false).join();
            var _ = socket.sendText("x", false);
            assertThat(fragments.next())
                    .isEqualTo("close 1009 a message must not exceed 1000 bytes");

            var bytes = new SocketClient();
            var _ =
                    bytes.open(http, url(listener))
                            .sendBinary(ByteBuffer.wrap(new byte[] {'a', -1}), true);
            assertThat(bytes.next()).isEqualTo("close 1007 a message must be UTF-8");

            var broken = new SocketClient();
            var _ = broken.open(http, url(listener)).sendText("break", true);
            assertThat(broken.next()).isEqualTo("close 1011 internal error");
        }
    }

    /** A frame of the client as the JDK would send none. */
    private static String sends(HttpListener listener, int... frame) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(request("upgrade: websocket", "sec-websocket-version: 13"));
            var head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                head.write(socket.getInputStream().read());
            }
            assertThat(head.toString(StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 101 ")
                    .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            for (int octet : frame) {
                socket.getOutputStream().write(octet);
            }
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(answer).startsWith((byte) 0x88);
            return String.valueOf(ByteBuffer.wrap(answer).getShort(2));
        }
    }

    private static byte[] request(String... fields) {
        return ("GET /a/echo HTTP/1.1\r\nhost: a:1\r\nconnection: keep-alive, Upgrade\r\n"
                        + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + String.join("\r\n", fields)
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void refusesFramesThatAreNone() throws IOException {
        try (var listener = serve(echo())) {
            // Not masked; of a reserved kind; a fragment of nothing; a ping that is too long; a
            // claim of 4 EB; a close with half a code, and one that is right.
            assertThat(sends(listener, 0x81, 1, 'a')).isEqualTo("1002");
            assertThat(sends(listener, 0x83, 0x80, 0, 0, 0, 0)).isEqualTo("1002");
            assertThat(sends(listener, 0x80, 0x80, 0, 0, 0, 0)).isEqualTo("1002");
            assertThat(sends(listener, 0x89, 0xfe, 0, 126)).isEqualTo("1002");
            assertThat(sends(listener, 0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0)).isEqualTo("1009");
            assertThat(sends(listener, 0x88, 0x81, 0, 0, 0, 0, 3)).isEqualTo("1002");
            assertThat(sends(listener, 0x88, 0x82, 0, 0, 0, 0, 3, 0xe9)).isEqualTo("1001");
        }
    }

    private static String asks(HttpListener listener, String... fields) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request(fields));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void refusesOpeningsWithTheReason() throws IOException {
        try (var listener = serve(echo())) {
            assertThat(asks(listener, "upgrade: websocket", "sec-websocket-version: 8"))
                    .startsWith("HTTP/1.1 426 ")
                    .contains("sec-websocket-version: 13");
            assertThat(
                            asks(
                                    listener,
                                    "upgrade: websocket",
                                    "sec-websocket-version: 13",
                                    "sec-websocket-key: short"))
                    .startsWith("HTTP/1.1 400 ");
            assertThat(
                            asks(
                                    listener,
                                    "upgrade: websocket",
                                    "sec-websocket-version: 13",
                                    "content-length: 1"))
                    .startsWith("HTTP/1.1 400 ");
            // Who does not ask for one gets what there is.
            assertThat(asks(listener, "upgrade: h2c")).startsWith("HTTP/1.1 404 ");
            assertThatThrownBy(() ->
                            new SocketClient()
                                    .open(http, "ws://127.0.0.1:" + listener.port() + "/plain"))
                    .isInstanceOf(CompletionException.class);
        }
    }

    @Test
    void onlyPagesThatMayAskOpenOne() throws IOException {
        String[] from = {"upgrade: websocket", "sec-websocket-version: 13", ""};
        try (var silent = serve(echo());
                var some =
                        serve(
                                echo().browsers(
                                                new BrowserRules(
                                                        Set.of("http://b.example"), Set.of("a"))));
                var hosts =
                        serve(
                                echo().browsers(
                                                new BrowserRules(
                                                        Set.of(BrowserRules.ANY), Set.of("c"))))) {
            from[2] = "origin: http://b.example";
            assertThat(asks(silent, from)).startsWith("HTTP/1.1 403 ").contains("b.example");
            assertThat(asks(some, from)).startsWith("HTTP/1.1 101 ");
            assertThat(asks(hosts, from)).startsWith("HTTP/1.1 421 ");
            from[2] = "origin: http://a:1";
            assertThat(asks(silent, from)).startsWith("HTTP/1.1 101 ");
            from[2] = "origin: http://a:12";
            assertThat(asks(some, from)).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void agreesToTheSubprotocolThatItKnows() throws Exception {
        try (var listener = serve(echo())) {
            var heard = new SocketClient();
            var socket = heard.open(http, url(listener), "Bearer", "token.1");
            assertThat(socket.getSubprotocol()).isEqualTo("Bearer");
            socket.sendClose(java.net.http.WebSocket.NORMAL_CLOSURE, "done").join();
            assertThat(heard.next()).startsWith("close 1000");
            assertThat(new SocketClient().open(http, url(listener)).getSubprotocol()).isEmpty();
        }
    }

    @Test
    void servesOverTls() throws Exception {
        var authority = CertificateAuthority.create(directory.resolve("ca"), "ours");
        var server =
                authority
                        .issue(CertificateUse.SERVER, "server", List.of())
                        .writeTo(directory.resolve("server"), "server");
        var client =
                authority
                        .issue(CertificateUse.CLIENT, "ada", List.of())
                        .writeTo(directory.resolve("client"), "client");
        var router =
                new HttpRouter()
                        .socket(
                                "/who",
                                List.of(),
                                (call, socket) ->
                                        socket.send(
                                                Objects.requireNonNull(call.peerCertificate())
                                                        .getSubjectX500Principal()
                                                        .getName()));
        try (var listener =
                        HttpListener.start(
                                network,
                                new ListenUrl.Tcp("127.0.0.1", 0, true),
                                HttpListener.Options.of(server, router));
                var https =
                        HttpClient.newBuilder()
                                .sslContext(
                                        TlsIdentity.clientContext(
                                                client, authority.certificateFile(), true))
                                .build()) {
            var heard = new SocketClient();
            var _ = heard.open(https, "wss://127.0.0.1:" + listener.port() + "/who");
            assertThat(heard.next()).isEqualTo("CN=ada");
            assertThat(heard.next()).isEqualTo("close 1000 ");
        }
    }

    /** Of a handler that sends, or waits, as long as it can. */
    private static HttpRouter endless(
            CountDownLatch begun, CountDownLatch gone, CountDownLatch ended, boolean sending) {
        return new HttpRouter()
                .socket(
                        "/a/echo",
                        List.of(),
                        (_, socket) -> {
                            socket.onClose(gone::countDown);
                            begun.countDown();
                            try {
                                while (sending || socket.receive() != null) {
                                    socket.send("x".repeat(10_000));
                                }
                            } finally {
                                ended.countDown();
                            }
                        });
    }

    @Test
    void tellsTheHandlerThatTheClientIsGone() throws Exception {
        for (boolean sending : new boolean[] {false, true}) {
            var begun = new CountDownLatch(1);
            var gone = new CountDownLatch(1);
            var ended = new CountDownLatch(1);
            try (var listener = serve(endless(begun, gone, ended, sending))) {
                var deaf =
                        new java.net.http.WebSocket.Listener() {
                            @Override
                            public void onOpen(java.net.http.WebSocket socket) {}
                        };
                var socket =
                        http.newWebSocketBuilder()
                                .buildAsync(URI.create(url(listener)), deaf)
                                .join();
                assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
                socket.abort();
                assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
                assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void givesUpAClientThatAnswersNoPing() throws Exception {
        var begun = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var options =
                new HttpListener.Options(
                        null,
                        MOST,
                        MOST,
                        endless(begun, gone, ended, false),
                        null,
                        10,
                        Duration.ofMillis(200));
        try (var listener =
                        HttpListener.start(
                                network, new ListenUrl.Tcp("127.0.0.1", 0, false), options);
                var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.getOutputStream()
                    .write(request("upgrade: websocket", "sec-websocket-version: 13"));
            assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingTheListenerSaysSo() throws Exception {
        var begun = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var listener = serve(endless(begun, new CountDownLatch(1), ended, false));
        var heard = new SocketClient();
        var _ = heard.open(http, url(listener));
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        listener.close();
        assertThat(heard.next()).isEqualTo("close 1001 the server is shutting down");
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }
}
