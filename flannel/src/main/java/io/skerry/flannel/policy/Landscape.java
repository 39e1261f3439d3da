package io.skerry.flannel.policy;

import io.skerry.flannel.address.AddressSet;
import java.util.List;

/**
 * Where policies apply.
 *
 * @param overlay all addresses of the network
 * @param own those of the host that filters
 */
public record Landscape(AddressSet overlay, AddressSet own, List<HostFacts> hosts) {
    public Landscape {
        hosts = List.copyOf(hosts);
    }

    /**
     * Whether this host judges a packet: it comes from or goes to its own containers, or enters the
     * overlay here. What other hosts' containers send is judged there and where it arrives.
     */
    public boolean judges(Packet packet) {
        return own.contains(packet.source())
                || own.contains(packet.destination())
                || (!overlay.contains(packet.source()) && overlay.contains(packet.destination()));
    }
}
