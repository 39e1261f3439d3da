/**
 * The original's configuration: {@code fleet.conf}, {@code FLEET_*} variables and flags of {@code
 * fleetd}, read into one checked record. {@link io.skerry.fleet.conf.FleetOption} is the table of
 * all options, {@link io.skerry.fleet.conf.RefusedOption} that of those which have nothing to set
 * here. Knows nothing of what runs with them.
 */
@NullMarked
package io.skerry.fleet.conf;

import org.jspecify.annotations.NullMarked;
