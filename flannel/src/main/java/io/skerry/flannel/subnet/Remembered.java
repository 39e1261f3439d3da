package io.skerry.flannel.subnet;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip;

/**
 * Who had a subnet last, which others take only when nothing else is free.
 *
 * @param modRevision when it was noted
 */
record Remembered(Cidr subnet, Ip publicIp, long modRevision) {}
