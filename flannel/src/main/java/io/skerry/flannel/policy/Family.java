package io.skerry.flannel.policy;

/** A kind of address. */
public enum Family {
    IPV4(32),
    IPV6(128);

    private final int bits;

    Family(int bits) {
        this.bits = bits;
    }

    /** How long its addresses are. */
    public int bits() {
        return bits;
    }

    /** The lowest of its addresses. */
    public Address first() {
        return new Address(this, 0, 0);
    }

    /** The highest of its addresses. */
    public Address last() {
        return this == IPV4 ? new Address(this, 0, 0xffff_ffffL) : new Address(this, -1, -1);
    }
}
