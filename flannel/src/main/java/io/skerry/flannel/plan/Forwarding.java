package io.skerry.flannel.plan;

import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Mac;

/** A permanent entry of a VXLAN device's forwarding database: to which host a frame is sent. */
public record Forwarding(Mac mac, Ip host) {}
