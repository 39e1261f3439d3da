package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr4;
import io.skerry.flannel.address.Ip4;

/**
 * Who had a subnet last, which others take only when nothing else is free.
 *
 * @param modRevision when it was noted
 */
record Remembered(Cidr4 subnet, Ip4 publicIp, long modRevision) {}
