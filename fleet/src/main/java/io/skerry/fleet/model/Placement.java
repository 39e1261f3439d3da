package io.skerry.fleet.model;

/**
 * Where a unit has been placed.
 *
 * @param machineId the machine
 * @param generation the store's revision of this decision; a later placement of the same unit has a
 *     higher one, and who acts for an older one is refused
 */
public record Placement(String machineId, long generation) {}
