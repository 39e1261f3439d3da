package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Addresses with ports as C has them: {@code sockaddr_in} and {@code sockaddr_in6}. */
final class SocketAddresses {
    static final int BYTES_IPV4 = 16;
    static final int BYTES_IPV6 = 28;
    private static final int ADDRESS_AT_IPV4 = 4;
    private static final int ADDRESS_AT_IPV6 = 8;

    private SocketAddresses() {}

    /** The family, the port and, for IPv6, a flow come before the address, a scope behind it. */
    static byte[] of(Ip host, int port) {
        boolean ipv4 = host.family() == Family.IPV4;
        return ByteBuffer.allocate(ipv4 ? BYTES_IPV4 : BYTES_IPV6)
                .order(ByteOrder.nativeOrder())
                .putShort((short) Netlink.number(host.family()))
                .order(ByteOrder.BIG_ENDIAN)
                .putShort((short) port)
                .position(ipv4 ? ADDRESS_AT_IPV4 : ADDRESS_AT_IPV6)
                .put(host.bytes())
                .array();
    }

    static Ip host(byte[] address) {
        boolean ipv6 = address.length == BYTES_IPV6;
        var host = new byte[ipv6 ? 16 : 4];
        System.arraycopy(address, ipv6 ? ADDRESS_AT_IPV6 : ADDRESS_AT_IPV4, host, 0, host.length);
        return Ip.of(host);
    }

    static int port(byte[] address) {
        return ((address[2] & 0xff) << 8) | (address[3] & 0xff);
    }
}
