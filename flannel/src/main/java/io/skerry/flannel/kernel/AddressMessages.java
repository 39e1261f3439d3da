package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip6;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Addresses of devices as messages. */
final class AddressMessages {
    private static final int HEADER_BYTES = 8;
    private static final int ADDRESS = 1;
    private static final int LOCAL = 2;

    /** Nobody else can have the address, so it is of use at once. */
    private static final int WITHOUT_DETECTION = 2;

    private AddressMessages() {}

    /** An address that came, and the number of its device. */
    record Seen(int device, Cidr address) {}

    /** Of both families. */
    static Message all() {
        return new Message("listing addresses", Netlink.GETADDR, Netlink.DUMP)
                .u8(0)
                .u8(0)
                .u8(0)
                .u8(0)
                .u32(0);
    }

    static Optional<Seen> read(ByteBuffer body) {
        int length = body.get(1) & 0xff;
        int device = body.getInt(4);
        var attributes = new Attributes(body.position(HEADER_BYTES));
        return attributes
                .address(LOCAL)
                .or(() -> attributes.address(ADDRESS))
                .filter(address -> !isLinkLocal(address))
                .map(address -> new Seen(device, Cidr.of(address, length)));
    }

    /** The kernel gives every device one, which is nobody's to keep or to remove. */
    private static boolean isLinkLocal(Ip address) {
        return address instanceof Ip6 ip && ip.isLinkLocal();
    }

    static Message add(int device, Cidr address) {
        return change(
                "adding address " + address,
                Netlink.NEWADDR,
                Netlink.CREATE | Netlink.REPLACE,
                device,
                address);
    }

    static Message remove(int device, Cidr address) {
        return change("removing address " + address, Netlink.DELADDR, 0, device, address);
    }

    private static Message change(String about, int type, int flags, int device, Cidr address) {
        return new Message(about, type, Netlink.ACK | flags)
                .u8(Netlink.number(address.family()))
                .u8(address.length())
                .u8(address.family() == Family.IPV6 ? WITHOUT_DETECTION : 0)
                .u8(0)
                .u32(device)
                .attribute(LOCAL, address.address().bytes())
                .attribute(ADDRESS, address.address().bytes());
    }
}
