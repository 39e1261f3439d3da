/**
 * Brings one host's units to what the cluster ordered. {@link io.skerry.fleet.agent.AgentDecisions}
 * is a pure function of what is wanted and what is there; {@link io.skerry.fleet.agent.AgentCore}
 * keeps both up to date from the store's orders and systemd's signals; {@link
 * io.skerry.fleet.agent.Fence} says when a host that is cut off has to stop its units. Only {@link
 * io.skerry.fleet.agent.Agent} and the adapters beside it have threads, files and a clock. Never
 * decides which machine a unit is on, except for global units, of which every agent decides alone.
 */
@NullMarked
package io.skerry.fleet.agent;

import org.jspecify.annotations.NullMarked;
