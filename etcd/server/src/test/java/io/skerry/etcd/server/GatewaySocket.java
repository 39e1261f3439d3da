package io.skerry.etcd.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A call over a WebSocket of a store's JSON gateway, by the JDK's client. */
final class GatewaySocket implements AutoCloseable {
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    /**
     * Opens it.
     *
     * @param path below {@code /v3/}
     * @param token null for none
     */
    GatewaySocket(HttpClient http, URI server, String path, String... token) {
        var builder = http.newWebSocketBuilder();
        if (token.length > 0) {
            builder.subprotocols("Bearer", token);
        }
        String url = server.resolve("/v3/" + path).toString().replaceFirst("^http", "ws");
        socket = builder.buildAsync(URI.create(url), new Ear()).join();
    }

    private final class Ear implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            heard.add("close " + code + " " + reason);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            heard.add("error");
        }
    }

    GatewaySocket send(String... texts) {
        Arrays.stream(texts).forEach(text -> socket.sendText(text, true).join());
        return this;
    }

    /** The next message, or {@code close CODE REASON}. */
    String next() throws InterruptedException {
        String line = heard.poll(60, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("nothing came over the WebSocket");
        }
        return line;
    }

    List<String> next(int count) throws InterruptedException {
        var lines = new ArrayList<String>();
        while (lines.size() < count) {
            lines.add(next());
        }
        return lines;
    }

    /** As a client that is gone without a word. */
    void vanish() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }
}
