/**
 * The commands for images and containers. They talk to a cluster's hosts as fleet's commands do,
 * and a container's unit is a unit of fleet like any other.
 */
@NullMarked
package io.skerry.node.containers;

import org.jspecify.annotations.NullMarked;
