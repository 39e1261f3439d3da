package io.skerry.flannel.policy;

import io.skerry.flannel.address.Ip;

/**
 * What policies look at: the first packet of a flow.
 *
 * @param port where it goes; 0 for protocols without ports
 */
public record Packet(Ip source, Ip destination, Protocol protocol, int port) {
    public Packet {
        if (source.family() != destination.family()) {
            throw new IllegalArgumentException(
                    source + " and " + destination + " are not of one family");
        }
        if (port < 0 || port > PortRange.MAX || (port != 0 && !protocol.hasPorts())) {
            throw new IllegalArgumentException("no port " + port + " of " + protocol.word());
        }
    }
}
