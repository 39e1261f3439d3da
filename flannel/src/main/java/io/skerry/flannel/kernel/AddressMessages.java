package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Cidr4;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Addresses of devices as messages. */
final class AddressMessages {
    private static final int HEADER_BYTES = 8;
    private static final int ADDRESS = 1;
    private static final int LOCAL = 2;

    private AddressMessages() {}

    /** An address that came, and the number of its device. */
    record Seen(int device, Cidr4 address) {}

    static Message all() {
        return new Message("listing addresses", Netlink.GETADDR, Netlink.DUMP)
                .u8(Netlink.AF_INET)
                .u8(0)
                .u8(0)
                .u8(0)
                .u32(0);
    }

    static Optional<Seen> read(ByteBuffer body) {
        int family = body.get(0);
        int length = body.get(1);
        int device = body.getInt(4);
        if (family != Netlink.AF_INET) {
            return Optional.empty();
        }
        var attributes = new Attributes(body.position(HEADER_BYTES));
        return attributes
                .address(LOCAL)
                .or(() -> attributes.address(ADDRESS))
                .map(address -> new Seen(device, new Cidr4(address, length)));
    }

    static Message add(int device, Cidr4 address) {
        return change(
                "adding address " + address,
                Netlink.NEWADDR,
                Netlink.CREATE | Netlink.REPLACE,
                device,
                address);
    }

    static Message remove(int device, Cidr4 address) {
        return change("removing address " + address, Netlink.DELADDR, 0, device, address);
    }

    private static Message change(String about, int type, int flags, int device, Cidr4 address) {
        return new Message(about, type, Netlink.ACK | flags)
                .u8(Netlink.AF_INET)
                .u8(address.length())
                .u8(0)
                .u8(0)
                .u32(device)
                .attribute(LOCAL, address.address().bytes())
                .attribute(ADDRESS, address.address().bytes());
    }
}
