package io.skerry.etcd.server.api.v2;

import io.skerry.base.http.HttpCall;
import io.skerry.etcd.server.v2store.ErrorCode;
import io.skerry.etcd.server.v2store.NodeErrorException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request: those of a form in its body, then those of its query. Of several
 * with one name the first counts.
 */
final class FormParameters {
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Map<String, String> values;

    private FormParameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads query and, of a PUT or POST that has a form, the body.
     *
     * @throws NodeErrorException if the body is no form
     */
    static FormParameters of(HttpCall call) throws NodeErrorException {
        var values = new HashMap<String, String>();
        if (hasForm(call)) {
            parse(call.bodyText(), values);
        }
        for (Map.Entry<String, List<String>> parameter : call.query().entrySet()) {
            values.putIfAbsent(parameter.getKey(), parameter.getValue().getFirst());
        }
        return new FormParameters(values);
    }

    private static boolean hasForm(HttpCall call) {
        String type = call.header("content-type");
        return (call.method().equals("PUT") || call.method().equals("POST"))
                && type != null
                && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(FORM);
    }

    private static void parse(String body, Map<String, String> values) throws NodeErrorException {
        for (String pair : body.split("&", -1)) {
            if (pair.contains(";")) {
                throw new NodeErrorException(
                        ErrorCode.INVALID_FORM, "invalid semicolon separator in query", 0);
            }
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                values.putIfAbsent(unescape(parts[0]), unescape(parts.length < 2 ? "" : parts[1]));
            }
        }
    }

    private static String unescape(String text) throws NodeErrorException {
        if (text.indexOf('%') < 0) {
            return text.replace('+', ' ');
        }
        var bytes = new ByteArrayOutputStream(text.length());
        byte[] escaped = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < escaped.length; i++) {
            if (escaped[i] != '%') {
                bytes.write(escaped[i] == '+' ? ' ' : escaped[i]);
                continue;
            }
            int high = i + 1 < escaped.length ? Character.digit(escaped[i + 1], 16) : -1;
            int low = i + 2 < escaped.length ? Character.digit(escaped[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                int end = Math.min(i + 3, escaped.length);
                String bad = new String(escaped, i, end - i, StandardCharsets.UTF_8);
                throw new NodeErrorException(
                        ErrorCode.INVALID_FORM, "invalid URL escape \"" + bad + "\"", 0);
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The value of a parameter; null if it is absent. */
    @Nullable String value(String name) {
        return values.get(name);
    }

    /** The value of a parameter; empty if it is absent. */
    String text(String name) {
        return values.getOrDefault(name, "");
    }

    boolean flag(String name) throws NodeErrorException {
        return flag(name, "invalid value for \"" + name + "\"");
    }

    /** Whether a parameter says yes, in the spellings that Go takes. */
    boolean flag(String name, String refusal) throws NodeErrorException {
        return switch (values.getOrDefault(name, "f")) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new NodeErrorException(ErrorCode.INVALID_FIELD, refusal, 0);
        };
    }

    /** An unsigned number; 0 if the parameter is absent. */
    long number(String name, ErrorCode refusal) throws NodeErrorException {
        String text = values.getOrDefault(name, "0");
        try {
            if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Long.parseUnsignedLong(text);
            }
        } catch (NumberFormatException e) {
            // Too large: refused like what is no number.
        }
        throw new NodeErrorException(refusal, "invalid value for \"" + name + "\"", 0);
    }
}
