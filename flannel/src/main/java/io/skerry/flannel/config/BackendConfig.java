package io.skerry.flannel.config;

import io.skerry.flannel.address.Family;
import io.skerry.flannel.address.WireguardSecret;
import java.util.Optional;
import java.util.OptionalInt;

/** How packets travel between hosts, with the settings of {@code Backend} in the configuration. */
public sealed interface BackendConfig {
    /** As {@code Type} names it, and the leases of hosts. */
    String type();

    /**
     * Ethernet frames in UDP, made by the kernel.
     *
     * @param vni the number that keeps networks on the same hosts apart
     * @param port where hosts receive
     * @param gbp packets carry the sender's group policy mark
     * @param learning the device learns where peers are from what it receives
     * @param directRouting peers on the same link are reached without encapsulation
     * @param mtu of the device; empty: what the underlay leaves
     */
    record Vxlan(
            int vni,
            int port,
            boolean gbp,
            boolean learning,
            boolean directRouting,
            OptionalInt mtu)
            implements BackendConfig {
        @Override
        public String type() {
            return "vxlan";
        }
    }

    /** Plain routes over a link that all hosts share. */
    record HostGw() implements BackendConfig {
        @Override
        public String type() {
            return "host-gw";
        }
    }

    /**
     * IP packets in UDP, carried by this program between a TUN device and a socket.
     *
     * @param port where hosts receive
     */
    record Udp(int port) implements BackendConfig {
        @Override
        public String type() {
            return "udp";
        }
    }

    /**
     * IP packets in UDP, encrypted by the kernel; each family has a tunnel of its own.
     *
     * @param port where hosts receive by IPv4
     * @param portV6 the same by IPv6
     * @param shared a further key, which all hosts know from the configuration
     * @param keepaliveSeconds after so much silence something is sent; 0: never
     * @param mtu of the underlay; empty: what its interface has
     */
    record Wireguard(
            int port,
            int portV6,
            Optional<WireguardSecret> shared,
            int keepaliveSeconds,
            OptionalInt mtu)
            implements BackendConfig {
        @Override
        public String type() {
            return "wireguard";
        }

        /** Where hosts receive by that family. */
        public int port(Family family) {
            return family == Family.IPV4 ? port : portV6;
        }
    }

    /**
     * IP packets in IP packets, made by the kernel.
     *
     * @param directRouting peers on the same link are reached without encapsulation
     */
    record Ipip(boolean directRouting) implements BackendConfig {
        @Override
        public String type() {
            return "ipip";
        }
    }
}
