package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.plan.Forwarding;
import io.skerry.flannel.plan.Neighbour;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Neighbour entries and forwarding entries, which are of one kind of message. */
final class NeighbourMessages {
    private static final int HEADER_BYTES = 12;
    private static final int PERMANENT = 0x80;

    /** Of the device itself, not of a bridge that it belongs to. */
    private static final int SELF = 2;

    private static final int DST = 1;
    private static final int LLADDR = 2;
    private static final int IFINDEX = 8;

    private NeighbourMessages() {}

    static Message allNeighbours(int device, Family family) {
        return header(
                        "listing neighbours",
                        Netlink.GETNEIGH,
                        Netlink.DUMP,
                        Netlink.number(family),
                        0,
                        0,
                        0)
                .attribute(IFINDEX, device);
    }

    static Message allForwardings(int device) {
        return header(
                "listing forwarding entries",
                Netlink.GETNEIGH,
                Netlink.DUMP,
                Netlink.AF_BRIDGE,
                device,
                0,
                0);
    }

    private static Message header(
            String about, int type, int flags, int family, int device, int state, int marks) {
        return new Message(about, type, flags)
                .u8(family)
                .u8(0)
                .u16(0)
                .u32(device)
                .u16(state)
                .u8(marks)
                .u8(0);
    }

    /** The device that a message is about. */
    static int device(ByteBuffer body) {
        return body.getInt(4);
    }

    private static boolean isPermanent(ByteBuffer body) {
        return (body.getShort(8) & PERMANENT) != 0;
    }

    static Optional<Neighbour> readNeighbour(ByteBuffer body, int device, Family family) {
        boolean other =
                body.get(0) != Netlink.number(family)
                        || device(body) != device
                        || !isPermanent(body);
        if (other) {
            return Optional.empty();
        }
        var attributes = new Attributes(body.position(HEADER_BYTES));
        byte[] mac = attributes.bytes(LLADDR);
        return mac == null || mac.length != 6
                ? Optional.empty()
                : attributes.address(DST).map(address -> new Neighbour(address, Mac.of(mac)));
    }

    static Optional<Forwarding> readForwarding(ByteBuffer body, int device) {
        boolean other =
                body.get(0) != Netlink.AF_BRIDGE
                        || device(body) != device
                        || !isPermanent(body)
                        || (body.get(10) & SELF) == 0;
        if (other) {
            return Optional.empty();
        }
        var attributes = new Attributes(body.position(HEADER_BYTES));
        byte[] mac = attributes.bytes(LLADDR);
        return mac == null || mac.length != 6
                ? Optional.empty()
                : attributes.address(DST).map(host -> new Forwarding(Mac.of(mac), host));
    }

    static Message put(Neighbour entry, int device) {
        return header(
                        "putting neighbour " + entry.address(),
                        Netlink.NEWNEIGH,
                        Netlink.ACK | Netlink.CREATE | Netlink.REPLACE,
                        Netlink.number(entry.address().family()),
                        device,
                        PERMANENT,
                        0)
                .attribute(DST, entry.address().bytes())
                .attribute(LLADDR, entry.mac().bytes());
    }

    static Message remove(Neighbour entry, int device) {
        return header(
                        "removing neighbour " + entry.address(),
                        Netlink.DELNEIGH,
                        Netlink.ACK,
                        Netlink.number(entry.address().family()),
                        device,
                        0,
                        0)
                .attribute(DST, entry.address().bytes());
    }

    static Message put(Forwarding entry, int device) {
        return forwarding(
                "putting forwarding entry " + entry.mac(),
                Netlink.NEWNEIGH,
                Netlink.CREATE | Netlink.REPLACE,
                entry.mac(),
                entry.host(),
                device);
    }

    static Message remove(Forwarding entry, int device) {
        return forwarding(
                "removing forwarding entry " + entry.mac(),
                Netlink.DELNEIGH,
                0,
                entry.mac(),
                entry.host(),
                device);
    }

    private static Message forwarding(
            String about, int type, int flags, Mac mac, Ip host, int device) {
        return header(about, type, Netlink.ACK | flags, Netlink.AF_BRIDGE, device, PERMANENT, SELF)
                .attribute(LLADDR, mac.bytes())
                .attribute(DST, host.bytes());
    }
}
