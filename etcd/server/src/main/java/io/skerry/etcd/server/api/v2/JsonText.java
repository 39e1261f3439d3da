package io.skerry.etcd.server.api.v2;

import io.skerry.etcd.server.v2store.Event;
import io.skerry.etcd.server.v2store.NodeError;
import io.skerry.etcd.server.v2store.NodeInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON as Go's encoder does, byte for byte: order and omission of fields, {@code <}, {@code
 * >} and {@code &} escaped, a line end behind each event. Scripts compare these texts.
 */
final class JsonText {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
    private static final long NANOS = 1_000_000_000L;

    private final StringBuilder out = new StringBuilder(256);

    private JsonText() {}

    static byte[] of(Event event, boolean withNodes) {
        var json = new JsonText();
        json.out.append("{\"action\":");
        json.text(event.action().word());
        if (withNodes) {
            json.out.append(",\"node\":");
            json.node(event.node());
            if (event.previous() != null) {
                json.out.append(",\"prevNode\":");
                json.node(event.previous());
            }
        }
        json.out.append("}\n");
        return json.bytes();
    }

    static byte[] of(NodeError error) {
        var json = new JsonText();
        json.out.append("{\"errorCode\":").append(error.code().code()).append(",\"message\":");
        json.text(error.code().message());
        if (!error.cause().isEmpty()) {
            json.out.append(",\"cause\":");
            json.text(error.cause());
        }
        json.out.append(",\"index\":").append(error.index()).append("}\n");
        return json.bytes();
    }

    /** {@code {"message":"…"}}, the form of errors outside of {@code /v2/keys}. */
    static byte[] message(String message) {
        var json = new JsonText();
        json.out.append("{\"message\":");
        json.text(message);
        json.out.append('}');
        return json.bytes();
    }

    /** A time as Go writes it: no more digits of the second's fraction than needed. */
    static String time(long epochNanos) {
        var instant = Instant.ofEpochSecond(Math.floorDiv(epochNanos, NANOS));
        var text = new StringBuilder(SECONDS.format(instant.atOffset(ZoneOffset.UTC)));
        long fraction = Math.floorMod(epochNanos, NANOS);
        if (fraction != 0) {
            text.append(String.format(Locale.ROOT, ".%09d", fraction));
            while (text.charAt(text.length() - 1) == '0') {
                text.setLength(text.length() - 1);
            }
        }
        return text.append('Z').toString();
    }

    private void node(NodeInfo node) {
        out.append('{');
        boolean root = node.key().equals("/");
        if (!root) {
            field("key").text(node.key());
        }
        String value = node.value();
        if (value != null) {
            field("value").text(value);
        }
        if (node.dir()) {
            field("dir").out.append(true);
        }
        if (node.expirationEpochNanos() != 0) {
            field("expiration").text(time(node.expirationEpochNanos()));
        }
        number("ttl", node.ttlSeconds());
        nodes(node.nodes());
        number("modifiedIndex", node.modifiedIndex());
        number("createdIndex", node.createdIndex());
        out.append('}');
    }

    private void nodes(List<NodeInfo> nodes) {
        if (nodes.isEmpty()) {
            return;
        }
        field("nodes").out.append('[');
        String separator = "";
        for (var node : nodes) {
            out.append(separator);
            node(node);
            separator = ",";
        }
        out.append(']');
    }

    /** Leaves zeros out. */
    private void number(String name, long number) {
        if (number != 0) {
            field(name).out.append(number);
        }
    }

    private JsonText field(String name) {
        if (out.charAt(out.length() - 1) != '{') {
            out.append(',');
        }
        out.append('"').append(name).append("\":");
        return this;
    }

    private void text(String text) {
        append(out, text);
    }

    private byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A quoted string. */
    static String quoted(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        var out = new StringBuilder(text.length() + 2);
        append(out, text);
        return out.toString();
    }

    private static void append(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '<', '>', '&', '\u2028', '\u2029' -> escape(out, c);
                default -> {
                    if (c < ' ') {
                        escape(out, c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void escape(StringBuilder out, char c) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
}
