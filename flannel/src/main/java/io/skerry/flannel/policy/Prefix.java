package io.skerry.flannel.policy;

import io.skerry.flannel.address.Cidr;
import java.util.Optional;

/**
 * A network of either family.
 *
 * @param address may be any of it
 * @param length how many leading bits all addresses of the network share
 */
public record Prefix(Address address, int length) {
    public Prefix {
        if (length < 0 || length > address.family().bits()) {
            throw new IllegalArgumentException(
                    "a prefix is 0 to " + address.family().bits() + " bits long, not " + length);
        }
    }

    public static Prefix of(Cidr network) {
        return new Prefix(Address.of(network.address()), network.length());
    }

    /**
     * Reads {@code 10.5.0.0/16}, {@code fd00::/64}, or an address alone, which stands for itself.
     */
    public static Optional<Prefix> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Address.parse(text).map(address -> new Prefix(address, address.family().bits()));
        }
        String length = text.substring(slash + 1);
        if (!length.matches("0|[1-9][0-9]{0,2}")) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(length);
        return Address.parse(text.substring(0, slash))
                .filter(address -> bits <= address.family().bits())
                .map(address -> new Prefix(address, bits));
    }

    /** For texts that are known to be networks. */
    public static Prefix of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is no network"));
    }

    /** The same with the lowest address. */
    public Prefix network() {
        return new Prefix(first(), length);
    }

    Address first() {
        return address.filled(length, false);
    }

    Address last() {
        return address.filled(length, true);
    }

    public AddressRange range() {
        return new AddressRange(first(), last());
    }

    public boolean contains(Address other) {
        return other.family() == address.family() && other.filled(length, false).equals(first());
    }

    /** Whether all of the other are among this one's. */
    boolean contains(Prefix other) {
        return other.length >= length && contains(other.address);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
