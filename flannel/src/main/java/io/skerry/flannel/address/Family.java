package io.skerry.flannel.address;

/** The two kinds of addresses that a network may have. */
public enum Family {
    IPV4("IPv4", 32),
    IPV6("IPv6", 128);

    private final String word;
    private final int bits;

    Family(String word, int bits) {
        this.word = word;
        this.bits = bits;
    }

    /** The lowest address. */
    public Ip first() {
        return this == IPV4 ? new Ip4(0) : new Ip6(0, 0);
    }

    /** The highest address. */
    public Ip last() {
        return this == IPV4 ? new Ip4(-1) : new Ip6(-1, -1);
    }

    /** How long an address is. */
    public int bits() {
        return bits;
    }

    @Override
    public String toString() {
        return word;
    }
}
