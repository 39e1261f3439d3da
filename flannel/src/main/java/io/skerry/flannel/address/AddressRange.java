package io.skerry.flannel.address;

import java.util.Optional;

/** Addresses of one family from the first to the last, both among them. */
public record AddressRange(Ip first, Ip last) {
    public AddressRange {
        if (first.family() != last.family() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException(last + " does not follow " + first);
        }
    }

    /** The addresses of a network. */
    public static AddressRange of(Cidr network) {
        return new AddressRange(network.first(), network.last());
    }

    public Family family() {
        return first.family();
    }

    public boolean contains(Ip address) {
        return first.compareTo(address) <= 0 && last.compareTo(address) >= 0;
    }

    /** The addresses of both, if there are any. */
    public Optional<AddressRange> and(AddressRange other) {
        Ip from = first.compareTo(other.first) > 0 ? first : other.first;
        Ip to = last.compareTo(other.last) < 0 ? last : other.last;
        return from.compareTo(to) <= 0 ? Optional.of(new AddressRange(from, to)) : Optional.empty();
    }

    /** Whether the other begins with the address after the last of this one. */
    public boolean isFollowedBy(AddressRange other) {
        return family() == other.family()
                && !last.equals(family().last())
                && last.next().equals(other.first);
    }

    @Override
    public String toString() {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
