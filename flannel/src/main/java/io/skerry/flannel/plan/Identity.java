package io.skerry.flannel.plan;

import io.skerry.flannel.address.Mac;
import io.skerry.flannel.address.WireguardSecret;
import java.util.Optional;

/**
 * What a host's device of the overlay is known by to others.
 *
 * @param mac with vxlan
 * @param key with wireguard; the others know its public half
 */
public record Identity(Optional<Mac> mac, Optional<WireguardSecret> key) {
    /** With a backend whose devices need none. */
    public static final Identity NONE = new Identity(Optional.empty(), Optional.empty());

    /** Of a device of vxlan. */
    public static Identity of(Mac mac) {
        return new Identity(Optional.of(mac), Optional.empty());
    }

    /** Of a device of wireguard. */
    public static Identity of(WireguardSecret key) {
        return new Identity(Optional.empty(), Optional.of(key));
    }
}
