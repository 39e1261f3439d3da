package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Mac;
import java.util.Optional;

/**
 * Where a host receives what is meant for its subnet of one family.
 *
 * @param vtepMac of the host's device, where the backend has such
 */
public record Endpoint(Ip publicIp, Optional<Mac> vtepMac) {}
