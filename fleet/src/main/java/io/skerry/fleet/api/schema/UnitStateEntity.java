package io.skerry.fleet.api.schema;

/**
 * What one host's systemd says of one unit.
 *
 * @param hash SHA-1 of the unit file that the host has loaded
 */
public record UnitStateEntity(
        String name,
        String hash,
        String machineId,
        String loadState,
        String activeState,
        String subState) {}
