/**
 * The scale of fleet: a real store and the real cores of one engine and of many agents, whose
 * systemd is played. Called by {@code skerry bench fleet}; never touches the systemd of this
 * machine.
 */
@NullMarked
package io.skerry.bench.fleet;

import org.jspecify.annotations.NullMarked;
