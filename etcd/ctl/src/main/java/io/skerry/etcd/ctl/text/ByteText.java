package io.skerry.etcd.ctl.text;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/** Byte strings: Java strings of which each char is one byte. */
public final class ByteText {
    private ByteText() {}

    public static ByteString bytes(String byteString) {
        return ByteString.copyFrom(byteString, StandardCharsets.ISO_8859_1);
    }

    public static String of(ByteString bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** The bytes of a text in UTF-8. */
    public static String ofText(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The text that the bytes are in UTF-8. */
    public static String toText(String byteString) {
        return bytes(byteString).toStringUtf8();
    }

    /** Where the range of a prefix ends; {@code "\0"}, the end of all keys, if it has no end. */
    public static String prefixEnd(String prefix) {
        for (int i = prefix.length() - 1; i >= 0; i--) {
            if (prefix.charAt(i) != 0xff) {
                return prefix.substring(0, i) + (char) (prefix.charAt(i) + 1);
            }
        }
        return "\0";
    }

    /** Every byte as {@code \x} and two hexadecimal digits. */
    public static String hex(String byteString) {
        var hex = new StringBuilder(byteString.length() * 4);
        for (int i = 0; i < byteString.length(); i++) {
            char b = byteString.charAt(i);
            hex.append("\\x")
                    .append(Character.forDigit(b >> 4, 16))
                    .append(Character.forDigit(b & 15, 16));
        }
        return hex.toString();
    }
}
