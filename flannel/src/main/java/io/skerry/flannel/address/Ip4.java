package io.skerry.flannel.address;

import java.util.Optional;

/**
 * An IPv4 address.
 *
 * @param bits its four bytes, the first of them the highest
 */
public record Ip4(int bits) implements Ip {
    private static final int BYTES = 4;
    private static final int MOST_DIGITS = 3;

    /** Reads four decimal numbers with dots between them. */
    public static Optional<Ip4> parse(String text) {
        int bits = 0;
        int at = 0;
        for (int number = 0; number < BYTES; number++) {
            if (number > 0 && (at >= text.length() || text.charAt(at++) != '.')) {
                return Optional.empty();
            }
            int start = at;
            int value = 0;
            while (at < text.length() && isDigit(text.charAt(at)) && at - start < MOST_DIGITS) {
                value = value * 10 + text.charAt(at++) - '0';
            }
            boolean zerosBefore = at - start > 1 && text.charAt(start) == '0';
            if (at == start || zerosBefore || value > 0xff) {
                return Optional.empty();
            }
            bits = (bits << 8) | value;
        }
        return at == text.length() ? Optional.of(new Ip4(bits)) : Optional.empty();
    }

    private static boolean isDigit(char letter) {
        return letter >= '0' && letter <= '9';
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
