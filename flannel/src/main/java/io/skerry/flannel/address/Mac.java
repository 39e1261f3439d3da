package io.skerry.flannel.address;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of an Ethernet device.
 *
 * @param text six bytes in lower-case hexadecimal with colons between them
 */
public record Mac(String text) {
    private static final HexFormat FORMAT = HexFormat.ofDelimiter(":");
    private static final Pattern SIX_BYTES =
            Pattern.compile("(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");
    private static final int BYTES = 6;
    private static final int LOCAL = 0x02;
    private static final int GROUP = 0x01;

    /** Reads six bytes in hexadecimal with colons between them. */
    public static Optional<Mac> parse(String text) {
        return SIX_BYTES.matcher(text).matches()
                ? Optional.of(new Mac(text.toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    /** For texts that are known to be such addresses. */
    public static Mac of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(text + " is no Ethernet address"));
    }

    public static Mac of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an Ethernet address has 6 bytes");
        }
        return new Mac(FORMAT.formatHex(bytes));
    }

    /** An address that no maker gives to a device: the lowest 48 bits, marked as local. */
    public static Mac local(long bits) {
        var bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (bits >>> (8 * i));
        }
        bytes[0] = (byte) ((bytes[0] & ~GROUP) | LOCAL);
        return of(bytes);
    }

    public byte[] bytes() {
        return FORMAT.parseHex(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
