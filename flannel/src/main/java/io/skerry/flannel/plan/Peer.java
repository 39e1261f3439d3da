package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;
import io.skerry.flannel.address.Mac;
import java.util.Optional;

/**
 * Another host of the network.
 *
 * @param backendType what it speaks
 * @param vtepMac of its device, where its backend has such
 */
public record Peer(Cidr4 subnet, Ip4 publicIp, String backendType, Optional<Mac> vtepMac) {}
