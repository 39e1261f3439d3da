package io.skerry.flannel.address;

import java.util.Optional;

/**
 * A network of either family. Its address may be any within it, as that of an interface is; {@link
 * #network} gives the one that names it. Networks of IPv4 come before those of IPv6.
 */
public sealed interface Cidr extends Comparable<Cidr> permits Cidr4, Cidr6 {
    /** Reads a network of either family. */
    static Optional<Cidr> parse(String text) {
        return text.indexOf(':') < 0
                ? Cidr4.parse(text).map(Cidr.class::cast)
                : Cidr6.parse(text).map(Cidr.class::cast);
    }

    /** The same, and an address alone, which stands for itself. */
    static Optional<Cidr> parseWithHosts(String text) {
        return text.indexOf('/') < 0 ? Ip.parse(text).map(Cidr::host) : parse(text);
    }

    /** For texts that are known to be of that kind. */
    static Cidr of(String text) {
        return parseWithHosts(text)
                .orElseThrow(() -> new IllegalArgumentException(text + " is no network"));
    }

    /** A network, or a single address of one. */
    static Cidr of(Ip address, int length) {
        return switch (address) {
            case Ip4 ip -> new Cidr4(ip, length);
            case Ip6 ip -> new Cidr6(ip, length);
        };
    }

    /** A single address. */
    static Cidr host(Ip address) {
        return of(address, address.family().bits());
    }

    Ip address();

    /** How many of the address' leading bits all addresses of the network share. */
    int length();

    Ip first();

    Ip last();

    /** The network of the same length so many further on. */
    Cidr next(int count);

    /**
     * How many networks of the same length lie between this one and a later one; what is more than
     * an int can tell counts as the largest.
     */
    int distance(Cidr later);

    boolean contains(Ip other);

    default Family family() {
        return address().family();
    }

    /** The same with the lowest address. */
    default Cidr network() {
        return of(first(), length());
    }

    default boolean contains(Cidr other) {
        return other.length() >= length() && contains(other.address());
    }

    default boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    @Override
    default int compareTo(Cidr other) {
        int byAddress = address().compareTo(other.address());
        return byAddress != 0 ? byAddress : Integer.compare(length(), other.length());
    }
}
