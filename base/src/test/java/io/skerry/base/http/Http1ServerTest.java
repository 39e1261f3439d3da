package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.net.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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

    private static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** Everything that the server says until it closes. */
    private static String talk(String... parts) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(20_000);
            for (String part : parts) {
                socket.getOutputStream().write(part.getBytes(StandardCharsets.ISO_8859_1));
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
}
