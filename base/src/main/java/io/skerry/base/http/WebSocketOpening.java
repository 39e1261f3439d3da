package io.skerry.base.http;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client's request for a WebSocket (RFC 6455, section 4.2.1), and what is wrong with it. */
record WebSocketOpening(HttpHead request) {
    private static final int KEY_BYTES = 16;

    /** Why there is no WebSocket. */
    record Refusal(int status, String message, Map<String, String> headers) {
        Refusal(int status, String message) {
            this(status, message, Map.of());
        }
    }

    /** Whether the client wants one. */
    boolean asked() {
        return request.method().equals("GET")
                && lists("connection", "upgrade")
                && lists("upgrade", "websocket");
    }

    private boolean lists(String header, String token) {
        String given = request.headers().get(header);
        return given != null
                && Arrays.stream(given.split(",", -1))
                        .anyMatch(each -> each.strip().equalsIgnoreCase(token));
    }

    /** Why the client does not get one; null if it does. */
    @Nullable Refusal refusal(BrowserRules browsers) {
        var headers = request.headers();
        if (!"13".equals(headers.get("sec-websocket-version"))) {
            return new Refusal(
                    426,
                    "WebSockets are spoken in version 13 only",
                    Map.of(
                            "sec-websocket-version",
                            "13",
                            "upgrade",
                            "websocket",
                            "connection",
                            "upgrade"));
        }
        if (!isKey(headers.get("sec-websocket-key"))) {
            return new Refusal(400, "sec-websocket-key must be 16 bytes in base64");
        }
        if (headers.containsKey("transfer-encoding")
                || !headers.getOrDefault("content-length", "0").equals("0")) {
            return new Refusal(
                    400, "a request for a WebSocket has no body", Map.of("connection", "close"));
        }
        if (!browsers.allowsPage(headers.get("origin"), headers.get("host"))) {
            return new Refusal(
                    403, "pages of " + headers.get("origin") + " may open no WebSockets here");
        }
        return null;
    }

    private static boolean isKey(@Nullable String text) {
        try {
            return text != null && Base64.getDecoder().decode(text).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The request in the form that Netty's handshake takes. */
    FullHttpRequest whole() {
        var whole =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1, HttpMethod.valueOf(request.method()), "/");
        request.headers().forEach((name, value) -> whole.headers().set(name, value));
        return whole;
    }
}
