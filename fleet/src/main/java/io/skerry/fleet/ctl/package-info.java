/**
 * fleet's command line, {@code skerry fleet} and {@code fleetctl}: arguments in, calls of the fleet
 * API, tables and messages out.
 *
 * <p>Called by the node program's command line through {@link io.skerry.fleet.ctl.FleetCtl}. It
 * knows nothing of the store or of systemd: whatever it shows or changes goes through the HTTP API,
 * so that it works from anywhere. It starts within a fraction of a second and therefore never
 * touches the server's libraries.
 */
@NullMarked
package io.skerry.fleet.ctl;

import org.jspecify.annotations.NullMarked;
