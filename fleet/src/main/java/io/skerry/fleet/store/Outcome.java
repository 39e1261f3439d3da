package io.skerry.fleet.store;

/**
 * The value of {@code job/U/outcome}: a oneshot unit has finished and is not run again.
 *
 * @param hash of the file that it was run from; with another one it is run
 * @param machineId where it ran
 */
public record Outcome(String hash, String machineId) {}
