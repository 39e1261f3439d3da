package io.skerry.flannel.plan;

import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.address.WireguardSecret;

/** The device that leads into the overlay. */
public sealed interface DeviceSpec {
    String name();

    int mtu();

    /**
     * Ethernet frames in UDP.
     *
     * @param local where packets to other hosts come from
     * @param underlay number of the device they leave by
     */
    record Vxlan(
            String name,
            int mtu,
            int vni,
            Ip local,
            int underlay,
            int port,
            boolean learning,
            boolean gbp,
            Mac mac)
            implements DeviceSpec {}

    /** IP packets in IP packets. */
    record Ipip(String name, int mtu, Ip4 local, int underlay) implements DeviceSpec {}

    /**
     * IP packets in UDP, encrypted.
     *
     * @param port where it receives
     */
    record Wireguard(String name, int mtu, int port, WireguardSecret key) implements DeviceSpec {}

    /** A device whose packets this program carries; who opens its file makes it. */
    record Tun(String name, int mtu) implements DeviceSpec {}

    /** Whether it is the same device but for what can be changed while it is in use. */
    default boolean sameButFor(DeviceSpec other) {
        return withMtu(0).equals(other.withMtu(0));
    }

    private DeviceSpec withMtu(int mtu) {
        return switch (this) {
            case Vxlan v ->
                    new Vxlan(
                            v.name,
                            mtu,
                            v.vni,
                            v.local,
                            v.underlay,
                            v.port,
                            v.learning,
                            v.gbp,
                            v.mac);
            case Ipip i -> new Ipip(i.name, mtu, i.local, i.underlay);
            case Wireguard w -> new Wireguard(w.name, mtu, w.port, w.key);
            case Tun t -> new Tun(t.name, mtu);
        };
    }
}
