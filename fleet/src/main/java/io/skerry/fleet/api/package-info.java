/**
 * fleet's HTTP API, {@code /fleet/v1} and its old name {@code /v1-alpha}, with the extensions that
 * {@code docs/fleet.md} describes: logs, status and placement reasons of units, a feed of changes,
 * health and metrics.
 *
 * <p>The daemon builds a {@link io.skerry.fleet.api.FleetApi} over a registry and gives its routes
 * to a listener. Reads and writes go to the registry only; what concerns another host's systemd is
 * asked of that host's API. It decides nothing and keeps nothing but what the feed last saw.
 */
@NullMarked
package io.skerry.fleet.api;

import org.jspecify.annotations.NullMarked;
