/**
 * fleet's nouns: machines, units with their target state and placement, what {@code [X-Fleet]} asks
 * for, states that systemd told, and why a unit has no place. Immutable values and pure functions
 * for the engine, the agent, the API and the store's codecs; no input or output, no clock.
 */
@NullMarked
package io.skerry.fleet.model;

import org.jspecify.annotations.NullMarked;
