package io.skerry.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.net.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BrowserRulesTest {
    private static final byte[] A = {'a'};

    private static final BrowserRules ONE =
            new BrowserRules(Set.of("http://a.example"), Set.of("store.example", "::1"));

    @Test
    void onlyPagesThatAreNamedAreLetIn() {
        assertThat(ONE.headers("http://a.example"))
                .containsEntry("Access-Control-Allow-Origin", "http://a.example");
        assertThat(ONE.headers("http://b.example")).isEmpty();
        assertThat(ONE.headers(null)).isEmpty();
        var all = new BrowserRules(Set.of("*"), Set.of());
        assertThat(all.headers("http://b.example"))
                .containsEntry("Access-Control-Allow-Origin", "*")
                .isEqualTo(all.headers(null));
        assertThat(BrowserRules.SILENT.headers("http://a.example")).isEmpty();
    }

    @Test
    void hostsAreComparedWithoutTheirPort() {
        assertThat(ONE.allowsHost("store.example:2379")).isTrue();
        assertThat(ONE.allowsHost("store.example")).isTrue();
        assertThat(ONE.allowsHost("[::1]:2379")).isTrue();
        assertThat(ONE.allowsHost("::1")).isTrue();
        assertThat(ONE.allowsHost("evil.example:2379")).isFalse();
        assertThat(ONE.allowsHost(null)).isFalse();
        assertThat(BrowserRules.SILENT.allowsHost(null)).isTrue();
    }

    @Test
    void aListenerHoldsItsRequestsToThem() throws IOException {
        var routes =
                new HttpRouter()
                        .route("GET", "/health", _ -> HttpReply.text(200, "fine"))
                        .route(
                                "GET",
                                "/parts",
                                _ -> HttpReply.stream(200, "text/plain", sink -> sink.write(A)))
                        .browsers(ONE);
        try (var network = Network.start(1);
                var listener =
                        HttpListener.start(
                                network,
                                new ListenUrl.Tcp("127.0.0.1", 0, false),
                                HttpListener.Options.of(null, routes))) {
            String origin = "\r\norigin: http://a.example";
            for (String path : new String[] {"/health", "/parts", "/none"}) {
                assertThat(ask(listener, "GET " + path, "store.example" + origin))
                        .as(path)
                        .contains("Access-Control-Allow-Origin: http://a.example\r\n");
                assertThat(ask(listener, "GET " + path, "store.example"))
                        .as(path)
                        .doesNotContain("Access-Control");
            }
            assertThat(ask(listener, "OPTIONS /health", "store.example" + origin))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Access-Control-Allow-Methods: POST, GET, OPTIONS, PUT, DELETE");
            assertThat(ask(listener, "GET /health", "evil.example"))
                    .startsWith("HTTP/1.1 421 ")
                    .doesNotContain("fine");
        }
    }

    private static String ask(HttpListener listener, String request, String host)
            throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            socket.setSoTimeout(60_000);
            String text = request + " HTTP/1.1\r\nconnection: close\r\nhost: " + host + "\r\n\r\n";
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
