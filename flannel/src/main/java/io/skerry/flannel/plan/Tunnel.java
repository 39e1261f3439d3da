package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.WireguardKey;
import io.skerry.flannel.address.WireguardSecret;
import java.util.Optional;
import java.util.Set;

/**
 * A peer of a WireGuard device.
 *
 * @param peer its public key
 * @param shared a further key that all hosts of the network have
 * @param host where it receives; empty if the device does not know
 * @param port with the host
 * @param keepaliveSeconds after so much silence something is sent; 0: never
 * @param subnets what is sent to it, and whose packets are taken from it
 * @param alive the two have spoken lately; not part of what is wanted
 */
public record Tunnel(
        WireguardKey peer,
        Optional<WireguardSecret> shared,
        Optional<Ip> host,
        int port,
        int keepaliveSeconds,
        Set<Cidr> subnets,
        boolean alive) {
    public Tunnel {
        subnets = Set.copyOf(subnets);
    }

    /**
     * Whether a peer that is there does for this one. WireGuard follows a peer to where its packets
     * come from, as behind a translator of addresses: while the two speak, that is the right place.
     */
    boolean isServedBy(Tunnel present) {
        boolean found = present.alive || (host.equals(present.host) && port == present.port);
        return found
                && peer.equals(present.peer)
                && shared.equals(present.shared)
                && keepaliveSeconds == present.keepaliveSeconds
                && subnets.equals(present.subnets);
    }
}
