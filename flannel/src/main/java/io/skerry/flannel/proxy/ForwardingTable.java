package io.skerry.flannel.proxy;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Which host has an address: subnets in the order of their numbers. Immutable. */
final class ForwardingTable {
    /** Nothing has been said yet of where subnets are. */
    static final ForwardingTable UNKNOWN = new ForwardingTable(Map.of());

    /** No host has this address. */
    static final int NOBODY = 0;

    /** Flipped in the highest bit, so that the order of signed numbers is that of addresses. */
    private final int[] firsts;

    private final int[] lasts;
    private final int[] hosts;

    ForwardingTable(Map<Cidr4, Ip4> hostBySubnet) {
        var sorted = new TreeMap<>(hostBySubnet);
        firsts = new int[sorted.size()];
        lasts = new int[sorted.size()];
        hosts = new int[sorted.size()];
        int i = 0;
        for (var entry : sorted.entrySet()) {
            firsts[i] = flip(entry.getKey().first().bits());
            lasts[i] = flip(entry.getKey().last().bits());
            hosts[i++] = entry.getValue().bits();
        }
    }

    private static int flip(int bits) {
        return bits ^ Integer.MIN_VALUE;
    }

    /** Whether an address that it does not have is nobody's. */
    boolean isKnown() {
        return this != UNKNOWN;
    }

    /** The bits of the address of the host to send to; {@link #NOBODY} if there is none. */
    int find(int address) {
        int flipped = flip(address);
        int found = Arrays.binarySearch(firsts, flipped);
        int index = found >= 0 ? found : -found - 2;
        return index >= 0 && flipped <= lasts[index] ? hosts[index] : NOBODY;
    }
}
