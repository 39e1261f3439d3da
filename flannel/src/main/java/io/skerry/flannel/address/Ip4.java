package io.skerry.flannel.address;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IPv4 address.
 *
 * @param bits its four bytes, the first of them the highest
 */
public record Ip4(int bits) implements Ip {
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final int BYTES = 4;

    /** Reads four decimal numbers with dots between them. */
    public static Optional<Ip4> parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != BYTES) {
            return Optional.empty();
        }
        int bits = 0;
        for (String part : parts) {
            if (!DECIMAL.matcher(part).matches() || Integer.parseInt(part) > 0xff) {
                return Optional.empty();
            }
            bits = (bits << 8) | Integer.parseInt(part);
        }
        return Optional.of(new Ip4(bits));
    }

    /** For texts that are known to be addresses. */
    public static Ip4 of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(text + " is no IPv4 address"));
    }

    /** Four bytes in network order. */
    public static Ip4 of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an IPv4 address has 4 bytes, not " + bytes.length);
        }
        int bits = 0;
        for (byte b : bytes) {
            bits = (bits << 8) | (b & 0xff);
        }
        return new Ip4(bits);
    }

    @Override
    public Family family() {
        return Family.IPV4;
    }

    @Override
    public Ip4 plus(int count) {
        return new Ip4(bits + count);
    }

    @Override
    public Ip4 next() {
        return new Ip4(bits + 1);
    }

    @Override
    public Ip4 previous() {
        return new Ip4(bits - 1);
    }

    @Override
    public byte[] bytes() {
        return new byte[] {
            (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
        };
    }

    @Override
    public int compareTo(Ip other) {
        return other instanceof Ip4(int others) ? Integer.compareUnsigned(bits, others) : -1;
    }

    @Override
    public String toString() {
        return (bits >>> 24)
                + "."
                + ((bits >>> 16) & 0xff)
                + "."
                + ((bits >>> 8) & 0xff)
                + "."
                + (bits & 0xff);
    }
}
