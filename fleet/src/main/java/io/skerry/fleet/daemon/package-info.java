/**
 * One host's part in fleet put together: its membership (a lease and a registration), its agent,
 * its engine and the API, and the command that runs them alone with the original's flags. The node
 * program uses {@link io.skerry.fleet.daemon.FleetDaemon} in the same way. Decides nothing itself
 * but when a host that is cut off must be fenced.
 */
@NullMarked
package io.skerry.fleet.daemon;

import org.jspecify.annotations.NullMarked;
