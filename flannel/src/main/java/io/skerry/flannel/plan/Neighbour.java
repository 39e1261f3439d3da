package io.skerry.flannel.plan;

import io.skerry.flannel.address.Ip;
import io.skerry.flannel.address.Mac;

/** A permanent entry of the overlay device's neighbour table: which frame reaches an address. */
public record Neighbour(Ip address, Mac mac) {}
