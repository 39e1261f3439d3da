/** A whole fleet in simulated time, driven by a seed. */
@NullMarked
package io.skerry.fleet.simulation;

import org.jspecify.annotations.NullMarked;
