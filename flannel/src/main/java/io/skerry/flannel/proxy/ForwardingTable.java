package io.skerry.flannel.proxy;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which host has an address: subnets in the order of their numbers. Immutable. */
final class ForwardingTable {
    static final ForwardingTable EMPTY = new ForwardingTable(Map.of(), 0);

    /** Flipped in the highest bit, so that the order of signed numbers is that of addresses. */
    private final int[] firsts;

    private final int[] lasts;
    private final InetSocketAddress[] hosts;

    ForwardingTable(Map<Cidr4, Ip4> hostBySubnet, int port) {
        var sorted = new TreeMap<>(hostBySubnet);
        firsts = new int[sorted.size()];
        lasts = new int[sorted.size()];
        hosts = new InetSocketAddress[sorted.size()];
        int i = 0;
        for (var entry : sorted.entrySet()) {
            firsts[i] = flip(entry.getKey().first().bits());
            lasts[i] = flip(entry.getKey().last().bits());
            hosts[i++] = new InetSocketAddress(address(entry.getValue()), port);
        }
    }

    private static InetAddress address(Ip4 host) {
        try {
            return InetAddress.getByAddress(host.bytes());
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e); // four bytes are always an address
        }
    }

    private static int flip(int bits) {
        return bits ^ Integer.MIN_VALUE;
    }

    /** The host to send to; null if nobody has the address. */
    @Nullable InetSocketAddress find(int address) {
        int flipped = flip(address);
        int found = Arrays.binarySearch(firsts, flipped);
        int index = found >= 0 ? found : -found - 2;
        return index >= 0 && flipped <= lasts[index] ? hosts[index] : null;
    }
}
