/**
 * The udp backend's carrier: IP packets from a TUN device go in UDP datagrams to the host whose
 * subnet they are for, and back. Knows subnets and hosts only as numbers that it is given.
 */
@NullMarked
package io.skerry.flannel.proxy;

import org.jspecify.annotations.NullMarked;
