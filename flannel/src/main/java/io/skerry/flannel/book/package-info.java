/**
 * What the store says of network policies, and of the hosts that they name: the policies' own keys,
 * the subnets' leases, and fleet's machines. The daemon follows them, and commands read and write
 * them, each with its own client.
 */
@NullMarked
package io.skerry.flannel.book;

import org.jspecify.annotations.NullMarked;
