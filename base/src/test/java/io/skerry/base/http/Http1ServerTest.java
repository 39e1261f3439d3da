package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.net.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HTTP/1 as it looks on the wire. */
class Http1ServerTest {
    private static Network network;
    private static HttpListener listener;

    @BeforeAll
    static void listen() throws IOException {
        network = Network.start(2);
        var router =
                new HttpRouter()
                        .route("GET", "/health", call -> HttpReply.text(200, "fine"))
                        .route("GET", "/late", call -> late())
                        .route("POST", "/echo", call -> HttpReply.text(200, call.bodyText()))
                        .route(
                                "GET",
                                "/parts",
                                call ->
                                        HttpReply.stream(
                                                200,
                                                "text/plain",
                                                sink -> {
                                                    sink.write(new byte[] {'a', 'b'});
                                                    sink.write(new byte[] {'c'});
                                                }));
        listener =
                HttpListener.start(
                        network,
                        new ListenUrl.Tcp("127.0.0.1", 0, false),
                        new HttpListener.Options(null, 100, 100, router, null));
    }

    @AfterAll
    static void close() {
        listener.close();
        network.close();
    }

    /** An answer that is sure to come when the client's end has been heard of. */
    private static HttpReply late() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(300);
        return HttpReply.text(200, "at last");
    }

    private static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** Everything that the server says until it closes. */
    private static String talk(String... parts) throws IOException {
        return talk(false, parts);
    }

    /** The same, when the client says that it will send no more. */
    private static String talkAndEnd(String... parts) throws IOException {
        return talk(true, parts);
    }

    private static String talk(boolean end, String... parts) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(60_000);
            for (String part : parts) {
                socket.getOutputStream().write(part.getBytes(StandardCharsets.ISO_8859_1));
            }
            if (end) {
                socket.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void requestsThatWereSentAheadAreAnsweredInOrder() throws IOException {
        String answers =
                talk(
                        head("GET /parts HTTP/1.1", "host: a")
                                + head("POST /echo HTTP/1.1", "host: a", "content-length: 3")
                                + "one"
                                + head("POST /none HTTP/1.1", "host: a", "content-length: 3")
                                + "two"
                                + head("HEAD /health HTTP/1.1", "host: a", "connection: close"));
        assertThat(answers)
                .containsSubsequence(
                        "HTTP/1.1 200 OK",
                        "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
                        "HTTP/1.1 200 OK",
                        "\r\n\r\none",
                        "HTTP/1.1 404 Not Found",
                        "HTTP/1.1 200 OK",
                        "content-length: 4",
                        "connection: close")
                .endsWith("\r\n\r\n");
    }

    @Test
    void whoSendsNoMoreGetsItsAnswers() throws IOException {
        String answers =
                talkAndEnd(
                        head("GET /parts HTTP/1.1", "host: a")
                                + head("POST /echo HTTP/1.1", "host: a", "content-length: 3")
                                + "one"
                                + head("GET /late HTTP/1.1", "host: a"));
        assertThat(answers)
                .containsSubsequence("2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", "\r\n\r\none")
                .endsWith("\r\n\r\nat last");
    }

    @Test
    void anEndWithinARequestIsTheEndOfTheConnection() throws IOException {
        assertThat(
                        talkAndEnd(
                                head("GET /health HTTP/1.1", "host: a")
                                        + head("POST /echo HTTP/1.1", "content-length: 3")
                                        + "on"))
                .endsWith("\r\n\r\nfine");
        assertThat(talkAndEnd("GET /hea")).isEmpty();
        assertThat(talkAndEnd("PRI * HT")).isEmpty();
        assertThat(talkAndEnd("")).isEmpty();
    }

    @Test
    void anOldClientGetsABodyThatEndsWithTheConnection() throws IOException {
        assertThat(talk("GET /parts HTTP/1.0\r\n\r\n"))
                .doesNotContain("chunked")
                .endsWith("\r\n\r\nabc");
        assertThat(talk("GET /health HTTP/1.0\r\n\r\n")).endsWith("\r\n\r\nfine");
    }

    @Test
    void aBodyIsAskedForUnlessItIsRefused() throws IOException {
        assertThat(
                        talk(
                                head(
                                        "POST /echo HTTP/1.1",
                                        "host: a",
                                        "expect: 100-continue",
                                        "connection: close",
                                        "content-length: 3"),
                                "one"))
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
                .endsWith("\r\n\r\none");
        assertThat(
                        talk(
                                head(
                                        "POST /echo HTTP/1.1",
                                        "host: a",
                                        "expect: 100-continue",
                                        "content-length: 300")))
                .startsWith("HTTP/1.1 413 ")
                .contains("connection: close");
    }

    @Test
    void whatIsTooLongOrNoHttpIsRefused() throws IOException {
        assertThat(talk("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nhost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
        assertThat(talk("GET /health HTTP/1.1\r\nx: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(talk("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aRefusalIsReadByWhoSendsOnWithoutLookingForOne() throws IOException {
        String more = "x".repeat(8 << 20);
        assertThat(talk("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n", more))
                .startsWith("HTTP/1.1 414 ");
        assertThat(talk("GET /health HTTP/1.1\r\nx: ", more)).startsWith("HTTP/1.1 431 ");
        assertThat(talk("nonsense\r\n", more)).startsWith("HTTP/1.1 400 ");
        assertThat(talk(head("POST /echo HTTP/1.1", "content-length: " + more.length()), more))
                .startsWith("HTTP/1.1 413 ");
        assertThat(
                        talk(
                                head("POST /echo HTTP/1.1", "transfer-encoding: chunked"),
                                Integer.toHexString(more.length()) + "\r\n",
                                more))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void aClosingListenerSendsAnswersToTheirEnd() throws Exception {
        String large = "x".repeat(24 << 20);
        var router =
                new HttpRouter()
                        .route("GET", "/health", call -> HttpReply.text(200, "fine"))
                        .route("GET", "/large", call -> HttpReply.text(200, large));
        var closed =
                HttpListener.start(
                        network,
                        new ListenUrl.Tcp("127.0.0.1", 0, false),
                        HttpListener.Options.of(null, router));
        try (var idle = new Socket(InetAddress.getLoopbackAddress(), closed.port());
                var slow = new Socket(InetAddress.getLoopbackAddress(), closed.port())) {
            begin(idle, "/health");
            begin(slow, "/large");
            var closing = Thread.ofVirtual().start(() -> closed.close(Duration.ofSeconds(60)));
            // Its end tells that the connections have been told.
            assertThat(idle.getInputStream().readAllBytes()).isNotEmpty();
            assertThat(slow.getInputStream().readAllBytes()).hasSizeGreaterThan(large.length());
            closing.join();
        }
    }

    /** Asks, and waits for the first byte of the answer. */
    private static void begin(Socket socket, String path) throws IOException {
        socket.setSoTimeout(60_000);
        String request = head("GET " + path + " HTTP/1.1", "host: a");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
    }
}
