package io.skerry.flannel.policy;

import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Ip6;
import java.util.Comparator;
import java.util.Optional;

/**
 * An address of either family as a number, those of IPv4 before all of IPv6.
 *
 * @param high the first 64 bits of an IPv6 address; 0 for one of IPv4
 * @param low the last 64 bits, unsigned; for IPv4 all 32
 */
public record Address(Family family, long high, long low) implements Comparable<Address> {
    private static final Comparator<Address> ORDER =
            Comparator.comparing(Address::family)
                    .thenComparing(Address::high, Long::compareUnsigned)
                    .thenComparing(Address::low, Long::compareUnsigned);

    public Address {
        if (family == Family.IPV4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
    }

    public static Address of(Ip address) {
        return switch (address) {
            case Ip4(int bits) -> new Address(Family.IPV4, 0, Integer.toUnsignedLong(bits));
            case Ip6(long high, long low) -> new Address(Family.IPV6, high, low);
        };
    }

    /** Reads {@code 10.5.1.2} or {@code fd00::2}. */
    public static Optional<Address> parse(String text) {
        return Ip.parse(text).map(Address::of);
    }

    /** For texts that are known to be addresses. */
    public static Address of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is no address"));
    }

    /** The one after it; there must be one. */
    public Address next() {
        return low == -1 ? new Address(family, high + 1, 0) : new Address(family, high, low + 1);
    }

    /** The one before it; there must be one. */
    public Address previous() {
        return low == 0 && family == Family.IPV6
                ? new Address(family, high - 1, -1)
                : new Address(family, high, low - 1);
    }

    /** The same with all bits after the first so many cleared, or set. */
    Address filled(int length, boolean set) {
        if (family == Family.IPV4) {
            long host = (1L << (32 - length)) - 1;
            return new Address(family, 0, set ? low | host : low & ~host);
        }
        long inHigh = hostBits(Math.max(0, 64 - length));
        long inLow = hostBits(Math.min(64, 128 - length));
        return set
                ? new Address(family, high | inHigh, low | inLow)
                : new Address(family, high & ~inHigh, low & ~inLow);
    }

    private static long hostBits(int count) {
        return count == 64 ? -1 : (1L << count) - 1;
    }

    @Override
    public int compareTo(Address other) {
        // Spelled out, as a large network's compilation is made of it.
        if (family == other.family) {
            int byHigh = Long.compareUnsigned(high, other.high);
            return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
        }
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return (family == Family.IPV4 ? new Ip4((int) low) : new Ip6(high, low)).toString();
    }
}
