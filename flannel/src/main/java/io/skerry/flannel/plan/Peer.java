package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.address.WireguardKey;
import java.util.Optional;

/**
 * Another host of the network, as one family of addresses sees it.
 *
 * @param backendType what it speaks
 * @param vtepMac of its device, where its backend has such
 * @param publicKey of its device, where its backend has such
 */
public record Peer(
        Cidr subnet,
        Ip publicIp,
        String backendType,
        Optional<Mac> vtepMac,
        Optional<WireguardKey> publicKey) {}
