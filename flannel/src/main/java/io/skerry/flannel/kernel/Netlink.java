package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Family;

/** Numbers of {@code linux/netlink.h} and {@code linux/rtnetlink.h}. */
final class Netlink {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int AF_BRIDGE = 7;
    static final int AF_NETLINK = 16;

    static final int ROUTE = 0;
    static final int NETFILTER = 12;
    static final int GENERIC = 16;

    static final int ERROR = 2;
    static final int DONE = 3;

    static final int NEWLINK = 16;
    static final int DELLINK = 17;
    static final int GETLINK = 18;
    static final int NEWADDR = 20;
    static final int DELADDR = 21;
    static final int GETADDR = 22;
    static final int NEWROUTE = 24;
    static final int DELROUTE = 25;
    static final int GETROUTE = 26;
    static final int NEWNEIGH = 28;
    static final int DELNEIGH = 29;
    static final int GETNEIGH = 30;

    static final int REQUEST = 1;
    static final int ACK = 4;
    static final int DUMP = 0x300;

    /** Of an answer: what is dumped changed meanwhile, so something may be missing. */
    static final int DUMP_INTERRUPTED = 0x10;

    static final int REPLACE = 0x100;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;

    /** Bits of a socket's groups: links, neighbours, addresses and routes of both families. */
    static final int ROUTE_GROUPS = 1 | (1 << 2) | (1 << 4) | (1 << 6) | (1 << 8) | (1 << 10);

    /** Changes of nftables' rules. */
    static final int NFTABLES_GROUP = 1 << 6;

    static final int HEADER_BYTES = 16;
    static final int ATTRIBUTE_HEADER_BYTES = 4;
    static final int NESTED = 0x8000;
    static final int TYPE_MASK = 0x3fff;

    private Netlink() {}

    static int number(Family family) {
        return family == Family.IPV4 ? AF_INET : AF_INET6;
    }

    static int align(int bytes) {
        return (bytes + 3) & ~3;
    }
}
