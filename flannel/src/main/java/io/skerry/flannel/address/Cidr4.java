package io.skerry.flannel.address;

import java.util.Optional;

/**
 * A network of IPv4 addresses. Its address may be any within it, as that of an interface is; {@link
 * #network} gives the one that names it.
 *
 * @param length how many of the address' leading bits all addresses of the network share
 */
public record Cidr4(Ip4 address, int length) implements Comparable<Cidr4> {
    private static final int BITS = 32;

    public Cidr4 {
        if (length < 0 || length > BITS) {
            throw new IllegalArgumentException("a prefix is 0 to 32 bits long, not " + length);
        }
    }

    /** Reads {@code 10.5.0.0/16}. */
    public static Optional<Cidr4> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]|[12][0-9]|3[0-2]")) {
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

    /** A single address. */
    public static Cidr4 host(Ip4 address) {
        return new Cidr4(address, BITS);
    }

    private int mask() {
        return length == 0 ? 0 : -1 << (BITS - length);
    }

    /** The same with the lowest address. */
    public Cidr4 network() {
        return new Cidr4(first(), length);
    }

    public Ip4 first() {
        return new Ip4(address.bits() & mask());
    }

    public Ip4 last() {
        return new Ip4(address.bits() | ~mask());
    }

    public boolean contains(Ip4 other) {
        return (other.bits() & mask()) == (address.bits() & mask());
    }

    public boolean contains(Cidr4 other) {
        return other.length >= length && contains(other.address);
    }

    public boolean overlaps(Cidr4 other) {
        return contains(other) || other.contains(this);
    }

    @Override
    public int compareTo(Cidr4 other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
