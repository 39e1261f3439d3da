package io.skerry.fleet.api.schema;

/**
 * One line of the feed {@code GET /watch}. A feed begins with everything that there is, then {@link
 * Synced}, then goes on with what changes, so that a reader needs no list before.
 */
public sealed interface WatchEvent {
    /**
     * A unit is there or has changed.
     *
     * @param hash SHA-1 of its unit file
     * @param reason why it is not placed where it should run; empty: nothing stands against it
     */
    record UnitChanged(
            String name,
            String hash,
            String desiredState,
            String currentState,
            String machineId,
            boolean global,
            String reason)
            implements WatchEvent {}

    /** A unit was destroyed. */
    record UnitGone(String name) implements WatchEvent {}

    /** A host reports a state of a unit. */
    record StateChanged(UnitStateEntity state) implements WatchEvent {}

    /** A host no longer has a state of that unit. */
    record StateGone(String name, String machineId) implements WatchEvent {}

    /** A host is there or has changed. */
    record MachineChanged(Machine machine) implements WatchEvent {}

    /** A host is gone. */
    record MachineGone(String id) implements WatchEvent {}

    /** Everything that was there when the feed began has been told. */
    record Synced() implements WatchEvent {}

    /** Nothing happened for a while; tells that the connection lives. */
    record Alive() implements WatchEvent {}
}
