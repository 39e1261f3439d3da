package io.skerry.flannel.plan;

import io.skerry.flannel.address.Cidr;
import io.skerry.flannel.address.Ip;

/**
 * The interface that packets to other hosts leave by, as one family of addresses sees it.
 *
 * @param device its name
 * @param index its number
 * @param address its own, with the length of the link's prefix
 * @param publicIp where other hosts reach this one; differs from the address behind a translator
 */
public record Underlay(String device, int index, Cidr address, Ip publicIp, int mtu) {
    /** Whether a host is on the same link, so that it can be reached without a router. */
    boolean reaches(Ip host) {
        return address.contains(host);
    }
}
