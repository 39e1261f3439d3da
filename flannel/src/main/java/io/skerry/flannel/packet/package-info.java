/**
 * IP packets in memory: checksums, a large TCP packet cut into those that travel, and those that
 * came joined to a large one, so that the kernel and the udp backend's carrier hand each other many
 * packets at once. Called by the carrier; never reads or sends anything.
 */
@NullMarked
package io.skerry.flannel.packet;

import org.jspecify.annotations.NullMarked;
