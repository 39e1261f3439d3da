package io.skerry.flannel.address;

import java.util.Optional;
import java.util.regex.Pattern;

/** A network of IPv4 addresses. */
public record Cidr4(Ip4 address, int length) implements Cidr {
    private static final int BITS = 32;
    private static final Pattern LENGTH = Pattern.compile("[0-9]|[12][0-9]|3[0-2]");

    public Cidr4 {
        if (length < 0 || length > BITS) {
            throw new IllegalArgumentException("a prefix is 0 to 32 bits long, not " + length);
        }
    }

    /** Reads {@code 10.5.0.0/16}. */
    public static Optional<Cidr4> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !LENGTH.matcher(text.substring(slash + 1)).matches()) {
            return Optional.empty();
        }
        int length = Integer.parseInt(text.substring(slash + 1));
        return Ip4.parse(text.substring(0, slash)).map(address -> new Cidr4(address, length));
    }

    /** For texts that are known to be networks. */
    public static Cidr4 of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(text + " is no IPv4 network"));
    }

    private int mask() {
        return length == 0 ? 0 : -1 << (BITS - length);
    }

    @Override
    public Cidr4 network() {
        return new Cidr4(first(), length);
    }

    @Override
    public Ip4 first() {
        return new Ip4(address.bits() & mask());
    }

    @Override
    public Ip4 last() {
        return new Ip4(address.bits() | ~mask());
    }

    @Override
    public Cidr4 next(int count) {
        return length == 0 ? this : new Cidr4(address.plus(count << (BITS - length)), length);
    }

    @Override
    public int distance(Cidr later) {
        if (!(later instanceof Cidr4(Ip4 other, int _))) {
            return Integer.MAX_VALUE;
        }
        return length == 0 ? 0 : (other.bits() - address.bits()) >>> (BITS - length);
    }

    @Override
    public boolean contains(Ip other) {
        return other instanceof Ip4(int bits) && (bits & mask()) == (address.bits() & mask());
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
