package io.skerry.fleet.api.schema;

import io.skerry.fleet.model.StartNews;

/**
 * What one host's systemd says of one unit.
 *
 * @param hash SHA-1 of the unit file that the host has loaded
 * @param start what the host's agent tells of the start of a unit that is at rest
 */
public record UnitStateEntity(
        String name,
        String hash,
        String machineId,
        String loadState,
        String activeState,
        String subState,
        StartNews start) {
    /** Of an agent that tells nothing of the start. */
    public UnitStateEntity(
            String name,
            String hash,
            String machineId,
            String loadState,
            String activeState,
            String subState) {
        this(name, hash, machineId, loadState, activeState, subState, StartNews.UNTOLD);
    }
}
