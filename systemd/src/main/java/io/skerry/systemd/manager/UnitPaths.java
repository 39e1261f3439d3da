package io.skerry.systemd.manager;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Unit names as systemd writes them in D-Bus object paths: every byte that is no letter and no
 * digit, and a digit at the start, becomes an underscore and two hexadecimal digits.
 */
final class UnitPaths {
    static final String NAMESPACE = "/org/freedesktop/systemd1/unit";

    private UnitPaths() {}

    static String pathOf(String unit) {
        var path = new StringBuilder(NAMESPACE).append('/');
        byte[] bytes = unit.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            path.append('_');
        }
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (letter || (digit && i > 0)) {
                path.append(c);
            } else {
                path.append('_').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        return path.toString();
    }

    /** The unit of an object path, if it is one of a unit. */
    static Optional<String> unitOf(String path) {
        if (!path.startsWith(NAMESPACE + "/")) {
            return Optional.empty();
        }
        String escaped = path.substring(NAMESPACE.length() + 1);
        byte[] bytes = new byte[escaped.length()];
        int length = 0;
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '_' && i + 2 < escaped.length()) {
                int value =
                        Character.digit(escaped.charAt(i + 1), 16) * 16
                                + Character.digit(escaped.charAt(i + 2), 16);
                if (value < 0) {
                    return Optional.empty();
                }
                bytes[length++] = (byte) value;
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return Optional.of(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    private static char hex(int digit) {
        return Character.forDigit(digit, 16);
    }
}
