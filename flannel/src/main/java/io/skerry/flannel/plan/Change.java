package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.WireguardKey;

/** One thing to do to the kernel. */
public sealed interface Change {
    record AddDevice(DeviceSpec device) implements Change {}

    record RemoveDevice(String name) implements Change {}

    record SetMtu(String device, int mtu) implements Change {}

    record SetUp(String device) implements Change {}

    record AddAddress(String device, Cidr address) implements Change {}

    record RemoveAddress(String device, Cidr address) implements Change {}

    record PutNeighbour(String device, Neighbour neighbour) implements Change {}

    record RemoveNeighbour(String device, Neighbour neighbour) implements Change {}

    record PutForwarding(String device, Forwarding forwarding) implements Change {}

    record RemoveForwarding(String device, Forwarding forwarding) implements Change {}

    record PutTunnel(String device, Tunnel tunnel) implements Change {}

    record RemoveTunnel(String device, WireguardKey peer) implements Change {}

    record PutRoute(Route route) implements Change {}

    record RemoveRoute(Route route) implements Change {}
}
