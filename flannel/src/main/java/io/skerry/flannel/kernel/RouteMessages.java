package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.plan.Route;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Routes of the main table as messages. */
final class RouteMessages {
    private static final int HEADER_BYTES = 12;
    private static final int MAIN_TABLE = 254;

    /** Made by somebody, not by the kernel; the original's routes say the same. */
    private static final int PROTOCOL_BOOT = 3;

    private static final int PROTOCOL_KERNEL = 2;
    private static final int UNICAST = 1;
    private static final int ONLINK = 4;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int SCOPE_NOWHERE = 255;

    /** What the kernel gives to a route of IPv6 that was put without a metric. */
    private static final int USUAL_OF_IPV6 = 1024;

    private static final int DST = 1;
    private static final int OIF = 4;
    private static final int GATEWAY = 5;
    private static final int PRIORITY = 6;
    private static final int PREFSRC = 7;
    private static final int TABLE = 15;

    private RouteMessages() {}

    /** A route that came; of its device the number is known only. */
    record Seen(Cidr destination, Optional<Ip> gateway, int device, boolean onlink, int metric) {
        Route named(String name) {
            return new Route(destination, gateway, name, onlink, metric);
        }
    }

    static Message all(Family family) {
        return header("listing routes", Netlink.GETROUTE, Netlink.DUMP, family, 0, 0, 0);
    }

    private static Message header(
            String about,
            int type,
            int flags,
            Family family,
            int length,
            int scope,
            int routeFlags) {
        return new Message(about, type, flags)
                .u8(Netlink.number(family))
                .u8(length)
                .u8(0)
                .u8(0)
                .u8(MAIN_TABLE)
                .u8(type == Netlink.NEWROUTE ? PROTOCOL_BOOT : 0)
                .u8(scope)
                .u8(type == Netlink.NEWROUTE ? UNICAST : 0)
                .u32(routeFlags);
    }

    /** Empty for what is not a unicast route of the main table that somebody put there. */
    static Optional<Seen> read(ByteBuffer body, Family family) {
        int length = body.get(1) & 0xff;
        int table = body.get(4) & 0xff;
        int protocol = body.get(5) & 0xff;
        int kind = body.get(7) & 0xff;
        boolean onlink = (body.getInt(8) & ONLINK) != 0;
        boolean foreign =
                body.get(0) != Netlink.number(family)
                        || table != MAIN_TABLE
                        || protocol == PROTOCOL_KERNEL
                        || kind != UNICAST;
        if (foreign) {
            return Optional.empty();
        }
        var attributes = new Attributes(body.position(HEADER_BYTES));
        if (attributes.number(TABLE, MAIN_TABLE) != MAIN_TABLE) {
            return Optional.empty();
        }
        Ip destination =
                attributes.address(DST).orElseGet(() -> Ip.of(new byte[family.bits() / 8]));
        int metric = attributes.number(PRIORITY, 0);
        return Optional.of(
                new Seen(
                        Cidr.of(destination, length),
                        attributes.address(GATEWAY),
                        attributes.number(OIF, 0),
                        onlink,
                        family == Family.IPV6 && metric == USUAL_OF_IPV6 ? 0 : metric));
    }

    static Message put(Route route, int device) {
        Message message =
                header(
                                "putting route " + route.destination(),
                                Netlink.NEWROUTE,
                                Netlink.ACK | Netlink.CREATE | Netlink.REPLACE,
                                route.destination().family(),
                                route.destination().length(),
                                route.gateway().isPresent() ? SCOPE_UNIVERSE : SCOPE_LINK,
                                route.onlink() ? ONLINK : 0)
                        .attribute(DST, route.destination().first().bytes());
        route.gateway().ifPresent(gateway -> message.attribute(GATEWAY, gateway.bytes()));
        return message.attribute(OIF, device);
    }

    static Message remove(Route route, int device) {
        Message message =
                header(
                                "removing route " + route.destination(),
                                Netlink.DELROUTE,
                                Netlink.ACK,
                                route.destination().family(),
                                route.destination().length(),
                                SCOPE_NOWHERE,
                                0)
                        .attribute(DST, route.destination().first().bytes());
        route.gateway().ifPresent(gateway -> message.attribute(GATEWAY, gateway.bytes()));
        if (route.metric() != 0) {
            message.attribute(PRIORITY, route.metric());
        }
        return message.attribute(OIF, device);
    }

    /** Asks how packets to an address would leave. */
    static Message wayTo(Ip address) {
        return new Message("asking for the way to " + address, Netlink.GETROUTE, Netlink.ACK)
                .u8(Netlink.number(address.family()))
                .u8(address.family().bits())
                .u8(0)
                .u8(0)
                .u32(0)
                .u32(0)
                .attribute(DST, address.bytes());
    }

    static Kernel.Way readWay(ByteBuffer body) {
        var attributes = new Attributes(body.position(HEADER_BYTES));
        return new Kernel.Way(attributes.number(OIF, 0), attributes.address(PREFSRC));
    }
}
