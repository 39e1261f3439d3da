/**
 * The overlay network: every host a subnet, every container an address that all hosts reach. Keys
 * and values in the store are flannel's own, so that hosts of both kinds share a network.
 */
@NullMarked
package io.skerry.flannel;

import org.jspecify.annotations.NullMarked;
