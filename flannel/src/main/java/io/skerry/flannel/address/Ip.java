package io.skerry.flannel.address;

import java.util.Optional;

/** An address of either family. Those of IPv4 come before those of IPv6. */
public sealed interface Ip extends Comparable<Ip> permits Ip4, Ip6 {
    /** Reads an address of either family. */
    static Optional<Ip> parse(String text) {
        return text.indexOf(':') < 0
                ? Ip4.parse(text).map(Ip.class::cast)
                : Ip6.parse(text).map(Ip.class::cast);
    }

    /** For texts that are known to be addresses. */
    static Ip of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is no address"));
    }

    /** Four or sixteen bytes in network order. */
    static Ip of(byte[] bytes) {
        return bytes.length == Ip6.BYTES ? Ip6.of(bytes) : Ip4.of(bytes);
    }

    Family family();

    /** In network order. */
    byte[] bytes();

    /** The address so many further on. */
    Ip plus(int count);

    /** The one after it; there must be one. */
    Ip next();

    /** The one before it; there must be one. */
    Ip previous();
}
