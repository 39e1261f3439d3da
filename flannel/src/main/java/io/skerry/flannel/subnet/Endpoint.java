package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Mac;
import io.skerry.flannel.address.WireguardKey;
import java.util.Optional;

/**
 * Where a host receives what is meant for its subnet of one family.
 *
 * @param vtepMac of the host's device, where the backend has such
 * @param publicKey of the host's device, where the backend has such
 */
public record Endpoint(Ip publicIp, Optional<Mac> vtepMac, Optional<WireguardKey> publicKey) {
    /** With a backend that needs no more than the address, or that of a device. */
    public Endpoint(Ip publicIp, Optional<Mac> vtepMac) {
        this(publicIp, vtepMac, Optional.empty());
    }
}
