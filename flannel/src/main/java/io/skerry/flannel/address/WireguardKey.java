package io.skerry.flannel.address;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A public key of Curve25519, by which hosts of WireGuard know each other.
 *
 * @param text its 32 bytes in base 64
 */
public record WireguardKey(String text) {
    public static final int BYTES = 32;

    /** Reads 32 bytes in base 64; empty for anything else. */
    public static Optional<WireguardKey> parse(String text) {
        return decoded(text).map(_ -> new WireguardKey(text));
    }

    /** For 32 bytes. */
    public static WireguardKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + bytes.length);
        }
        return new WireguardKey(Base64.getEncoder().encodeToString(bytes));
    }

    static Optional<byte[]> decoded(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            // What is not the usual text of its bytes would not be equal to a key that is.
            boolean usual = Base64.getEncoder().encodeToString(bytes).equals(text);
            return bytes.length == BYTES && usual ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public byte[] bytes() {
        return decoded(text).orElseGet(() -> new byte[BYTES]);
    }

    /** Whether it is the one of zeros, which the kernel has for none. */
    public boolean isNone() {
        return Arrays.equals(bytes(), new byte[BYTES]);
    }

    @Override
    public String toString() {
        return text;
    }
}
