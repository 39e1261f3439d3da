/**
 * Addresses as values: those of IPv4 and IPv6, networks of them, and those of Ethernet. Everybody
 * in this module speaks in them; nothing here knows of leases, the kernel or the store.
 */
@NullMarked
package io.skerry.flannel.address;

import org.jspecify.annotations.NullMarked;
