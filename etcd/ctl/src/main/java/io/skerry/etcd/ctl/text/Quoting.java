package io.skerry.etcd.ctl.text;

import java.util.Optional;

/** Strings in double quotes as Go writes and reads them. */
public final class Quoting {
    private static final String NAMED = "abfnrtv\\\"'";
    private static final String NAMED_BYTES = "\u0007\b\f\n\r\t\u000b\\\"'";

    private Quoting() {}

    /** In quotes; printable text in UTF-8 stays, all else is escaped. */
    public static String quote(String byteString) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < byteString.length(); ) {
            int length = Utf8.lengthAt(byteString, i);
            if (length == 0) {
                quoted.append(ByteText.hex(byteString.substring(i, i + 1)));
                i++;
                continue;
            }
            String encoded = byteString.substring(i, i + length);
            int codePoint = ByteText.toText(encoded).codePointAt(0);
            int named = codePoint == '\'' ? -1 : NAMED_BYTES.indexOf(codePoint);
            if (named >= 0) {
                quoted.append('\\').append(NAMED.charAt(named));
            } else if (printable(codePoint)) {
                quoted.append(encoded);
            } else {
                quoted.append(escaped(codePoint));
            }
            i += length;
        }
        return quoted.append('"').toString();
    }

    private static String escaped(int codePoint) {
        if (codePoint < 0x80) {
            return "\\x%02x".formatted(codePoint);
        }
        return (codePoint < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(codePoint);
    }

    private static boolean printable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> codePoint == ' ';
            default -> true;
        };
    }

    /** What was read, and where the text after the closing quote begins. */
    public record Unquoted(String value, int end) {}

    /** Reads a quoted string that begins at {@code from}; empty if there is no whole one. */
    public static Optional<Unquoted> unquote(String text, int from) {
        if (from >= text.length() || text.charAt(from) != '"') {
            return Optional.empty();
        }
        var value = new StringBuilder();
        int i = from + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') {
                return Optional.of(new Unquoted(value.toString(), i + 1));
            }
            if (c != '\\') {
                value.append(c);
                i++;
                continue;
            }
            int length = escape(text, i + 1, value);
            if (length < 0) {
                return Optional.empty();
            }
            i += 1 + length;
        }
        return Optional.empty();
    }

    /** Appends what the escape means; returns its length after the backslash, or -1. */
    private static int escape(String text, int at, StringBuilder value) {
        if (at >= text.length()) {
            return -1;
        }
        char kind = text.charAt(at);
        int named = NAMED.indexOf(kind);
        if (named >= 0 && kind != '\'') {
            value.append(NAMED_BYTES.charAt(named));
            return 1;
        }
        return switch (kind) {
            case 'x' -> number(text, at + 1, 2, 16, false, value) ? 3 : -1;
            case 'u' -> number(text, at + 1, 4, 16, true, value) ? 5 : -1;
            case 'U' -> number(text, at + 1, 8, 16, true, value) ? 9 : -1;
            case '0', '1', '2', '3' -> number(text, at, 3, 8, false, value) ? 3 : -1;
            default -> -1;
        };
    }

    private static boolean number(
            String text, int at, int digits, int radix, boolean rune, StringBuilder value) {
        if (at + digits > text.length()) {
            return false;
        }
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = Character.digit(text.charAt(i), radix);
            if (digit < 0) {
                return false;
            }
            number = number * radix + digit;
        }
        if (rune && (!Character.isValidCodePoint(number) || (number >> 11) == 0x1b)) {
            return false;
        }
        value.append(rune ? ByteText.ofText(Character.toString(number)) : (char) number);
        return true;
    }
}
