/**
 * Masquerading and forwarding of the overlay's packets, in one nftables table of our own that is
 * only ever replaced as a whole. What the rules are is a pure function; a thin shell over nft puts
 * and checks them.
 */
@NullMarked
package io.skerry.flannel.netfilter;

import org.jspecify.annotations.NullMarked;
