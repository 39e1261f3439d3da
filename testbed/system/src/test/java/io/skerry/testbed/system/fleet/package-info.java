/**
 * fleet on four hosts with real systemd: the scenarios of the original's functional tests, one test
 * each and named after it, units that are no services, and what fleet adds to the original ({@code
 * PlacementTest}). All classes share one playground; each test leaves it as it was.
 *
 * <p>The scenarios of the original and where they are:
 *
 * <ul>
 *   <li>three conflicting units of which one agent stops, a reboot that moves one of three, a host
 *       that the store rejects, an agent that is shut down, a machine id that is there twice:
 *       {@code HostsTest};
 *   <li>a sidekick by {@code [Install]}: {@code UnitKindsTest};
 *   <li>metadata of a template's instances, metadata that no host has, {@code MachineOf}, {@code
 *       Conflicts} (three of five, one-way, several), {@code Replaces} and in a circle, {@code
 *       MachineID}, {@code Global} and in conflict: {@code SchedulingTest};
 *   <li>machines listed, a bad page token, metadata added, modified and deleted, a bad operation,
 *       path and value: {@code MachinesApiTest};
 *   <li>a reload that keeps sockets: {@code FleetdTest}; a clean shutdown, and the way of a unit
 *       with its hash: {@code ServerTest};
 *   <li>submit, load and start, each done, undone and done twice and with {@code --replace},
 *       restart, status, journal, cat, the order of {@code list-unit-files}: {@code UnitsTest};
 *   <li>ssh: {@code SshTest}.
 * </ul>
 */
@NullMarked
package io.skerry.testbed.system.fleet;

import org.jspecify.annotations.NullMarked;
