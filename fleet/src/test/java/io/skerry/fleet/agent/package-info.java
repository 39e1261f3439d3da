/** Tests of the engine's parts; its decisions as a whole are tried by the simulation. */
@NullMarked
package io.skerry.fleet.agent;

import org.jspecify.annotations.NullMarked;
