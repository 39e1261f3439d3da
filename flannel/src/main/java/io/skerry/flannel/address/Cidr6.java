package io.skerry.flannel.address;

import java.util.Optional;

/** A network of IPv6 addresses. */
public record Cidr6(Ip6 address, int length) implements Cidr {
    private static final int BITS = 128;
    private static final int HALF = 64;

    public Cidr6 {
        if (length < 0 || length > BITS) {
            throw new IllegalArgumentException("a prefix is 0 to 128 bits long, not " + length);
        }
    }

    /** Reads {@code fd00:5::/48}. */
    public static Optional<Cidr6> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0
                || !text.substring(slash + 1).matches("[0-9]|[1-9][0-9]|1[01][0-9]|12[0-8]")) {
            return Optional.empty();
        }
        int length = Integer.parseInt(text.substring(slash + 1));
        return Ip6.parse(text.substring(0, slash)).map(address -> new Cidr6(address, length));
    }

    /** For texts that are known to be networks. */
    public static Cidr6 of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(text + " is no IPv6 network"));
    }

    private long highMask() {
        return length == 0 ? 0 : length >= HALF ? -1 : -1L << (HALF - length);
    }

    private long lowMask() {
        return length <= HALF ? 0 : -1L << (BITS - length);
    }

    @Override
    public Cidr6 network() {
        return new Cidr6(first(), length);
    }

    @Override
    public Ip6 first() {
        return new Ip6(address.high() & highMask(), address.low() & lowMask());
    }

    @Override
    public Ip6 last() {
        return new Ip6(address.high() | ~highMask(), address.low() | ~lowMask());
    }

    @Override
    public Cidr6 next(int count) {
        if (length == 0) {
            return this; // there is only this one
        }
        if (length <= HALF) {
            long step = (long) count << (HALF - length);
            return new Cidr6(new Ip6(address.high() + step, address.low()), length);
        }
        int shift = BITS - length;
        long low = (long) count << shift;
        long high = shift == 0 ? 0 : (long) count >>> (HALF - shift);
        return new Cidr6(address.plus(high, low), length);
    }

    @Override
    public int distance(Cidr later) {
        if (!(later instanceof Cidr6(Ip6 other, int _))) {
            return Integer.MAX_VALUE;
        }
        long low = other.low() - address.low();
        long borrow = Long.compareUnsigned(other.low(), address.low()) < 0 ? 1 : 0;
        long high = other.high() - address.high() - borrow;
        int shift = BITS - length;
        long count;
        if (shift >= HALF) {
            count = shift == BITS ? 0 : high >>> (shift - HALF);
        } else if (shift == 0) {
            count = high == 0 ? low : -1;
        } else {
            count = high >>> shift == 0 ? (high << (HALF - shift)) | (low >>> shift) : -1;
        }
        return count < 0 || count > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) count;
    }

    @Override
    public boolean contains(Ip other) {
        return other instanceof Ip6(long high, long low)
                && (high & highMask()) == (address.high() & highMask())
                && (low & lowMask()) == (address.low() & lowMask());
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
