package io.skerry.flannel.kernel;

import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.plan.DeviceSpec;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Devices as messages. */
final class DeviceMessages {
    private static final int HEADER_BYTES = 16;
    private static final int IFF_UP = 1;

    private static final int ADDRESS = 1;
    private static final int NAME = 3;
    private static final int MTU = 4;
    private static final int LINKINFO = 18;
    private static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;

    private static final int VXLAN_ID = 1;
    private static final int VXLAN_LINK = 3;
    private static final int VXLAN_LOCAL = 4;
    private static final int VXLAN_LEARNING = 7;
    private static final int VXLAN_PORT = 15;
    private static final int VXLAN_LOCAL6 = 17;
    private static final int VXLAN_GBP = 23;

    private static final int IPIP_LINK = 1;
    private static final int IPIP_LOCAL = 2;
    private static final int IPIP_REMOTE = 3;
    private static final int IPIP_TTL = 4;
    private static final int IPIP_PMTU_DISCOVERY = 10;

    private DeviceMessages() {}

    /**
     * A device that came.
     *
     * @param spec null for a kind that we do not make
     */
    record Seen(
            int index, String name, int mtu, boolean up, String kind, @Nullable DeviceSpec spec) {
        Optional<DeviceSpec> ours() {
            return Optional.ofNullable(spec);
        }
    }

    static Message all() {
        return new Message("listing devices", Netlink.GETLINK, Netlink.DUMP)
                .u32(0)
                .u32(0)
                .u32(0)
                .u32(0);
    }

    static Seen read(ByteBuffer body) {
        int index = body.getInt(4);
        boolean up = (body.getInt(8) & IFF_UP) != 0;
        var attributes = new Attributes(body.position(HEADER_BYTES));
        String name = attributes.text(NAME);
        int mtu = attributes.number(MTU, 0);
        Attributes info = attributes.nested(LINKINFO);
        String kind = info.text(INFO_KIND);
        Attributes data = info.nested(INFO_DATA);
        DeviceSpec spec =
                switch (kind) {
                    case "vxlan" -> vxlan(name, mtu, attributes, data);
                    case "ipip" -> ipip(name, mtu, data);
                    case "tun" -> new DeviceSpec.Tun(name, mtu);
                    default -> null;
                };
        return new Seen(index, name, mtu, up, kind, spec);
    }

    private static @Nullable DeviceSpec vxlan(
            String name, int mtu, Attributes attributes, Attributes data) {
        var local = data.address(VXLAN_LOCAL).or(() -> data.address(VXLAN_LOCAL6));
        byte[] mac = attributes.bytes(ADDRESS);
        if (local.isEmpty() || mac == null) {
            return null;
        }
        return new DeviceSpec.Vxlan(
                name,
                mtu,
                data.number(VXLAN_ID, 0),
                local.get(),
                data.number(VXLAN_LINK, 0),
                data.bigEndian16(VXLAN_PORT),
                data.flag(VXLAN_LEARNING),
                data.has(VXLAN_GBP),
                Mac.of(mac));
    }

    /** One that leads to a single host is another: routes would not choose where packets go. */
    private static @Nullable DeviceSpec ipip(String name, int mtu, Attributes data) {
        boolean toAnyHost = data.number(IPIP_REMOTE, 0) == 0;
        return data.address(IPIP_LOCAL)
                .flatMap(local ->
                        toAnyHost && local instanceof Ip4 ip ? Optional.of(ip) : Optional.empty())
                .map(local -> new DeviceSpec.Ipip(name, mtu, local, data.number(IPIP_LINK, 0)))
                .orElse(null);
    }

    static Message add(DeviceSpec.Vxlan device) {
        Message message = add(device, "vxlan").attribute(ADDRESS, device.mac().bytes());
        int info = message.begin(LINKINFO);
        message.attribute(INFO_KIND, "vxlan");
        int data = message.begin(INFO_DATA);
        message.attribute(VXLAN_ID, device.vni())
                .attribute(VXLAN_LINK, device.underlay())
                .attribute(
                        device.local().family() == Family.IPV4 ? VXLAN_LOCAL : VXLAN_LOCAL6,
                        device.local().bytes())
                .attributeU8(VXLAN_LEARNING, device.learning() ? 1 : 0)
                .attributeBigEndian16(VXLAN_PORT, device.port());
        if (device.gbp()) {
            message.flag(VXLAN_GBP);
        }
        return message.end(data).end(info);
    }

    static Message add(DeviceSpec.Ipip device) {
        Message message = add(device, "ipip");
        int info = message.begin(LINKINFO);
        message.attribute(INFO_KIND, "ipip");
        int data = message.begin(INFO_DATA);
        // As iproute2 makes it: any other end, the inner packet's time to live, path MTU found.
        message.attribute(IPIP_LINK, device.underlay())
                .attribute(IPIP_LOCAL, device.local().bytes())
                .attribute(IPIP_REMOTE, new byte[4])
                .attributeU8(IPIP_TTL, 0)
                .attributeU8(IPIP_PMTU_DISCOVERY, 1);
        return message.end(data).end(info);
    }

    private static Message add(DeviceSpec device, String module) {
        String about =
                "adding device " + device.name() + ", which takes the kernel's module " + module;
        return add(about, device.name()).attribute(MTU, device.mtu());
    }

    private static Message add(String about, String name) {
        return new Message(about, Netlink.NEWLINK, Netlink.ACK | Netlink.CREATE | Netlink.EXCLUSIVE)
                .u32(0)
                .u32(0)
                .u32(0)
                .u32(0)
                .attribute(NAME, name);
    }

    static Message add(DeviceSpec.Wireguard device) {
        Message message = add(device, WireguardMessages.KIND);
        int info = message.begin(LINKINFO);
        return message.attribute(INFO_KIND, WireguardMessages.KIND).end(info);
    }

    /** A device of some kind with nothing said of it. */
    static Message addBare(String name, String kind) {
        Message message = add("trying the kernel's module " + kind, name);
        int info = message.begin(LINKINFO);
        return message.attribute(INFO_KIND, kind).end(info);
    }

    static Message remove(String name) {
        return new Message("removing device " + name, Netlink.DELLINK, Netlink.ACK)
                .u32(0)
                .u32(0)
                .u32(0)
                .u32(0)
                .attribute(NAME, name);
    }

    static Message setUp(String name) {
        return new Message("switching device " + name + " on", Netlink.NEWLINK, Netlink.ACK)
                .u32(0)
                .u32(0)
                .u32(IFF_UP)
                .u32(IFF_UP)
                .attribute(NAME, name);
    }

    static Message setMtu(String name, int mtu) {
        return new Message("setting the MTU of " + name, Netlink.NEWLINK, Netlink.ACK)
                .u32(0)
                .u32(0)
                .u32(0)
                .u32(0)
                .attribute(NAME, name)
                .attribute(MTU, mtu);
    }
}
