package io.skerry.fleet.api.schema;

import io.skerry.systemd.unit.UnitOption;
import java.util.List;

/**
 * A unit as the API shows and takes it.
 *
 * @param desiredState {@code inactive}, {@code loaded} or {@code launched}; empty: not given
 * @param currentState the same words; empty for global units, which have no single state
 * @param machineId where the unit is placed; empty: nowhere
 */
public record UnitEntity(
        String name,
        List<UnitOption> options,
        String desiredState,
        String currentState,
        String machineId) {
    public UnitEntity {
        options = List.copyOf(options);
    }

    /** A request that changes nothing but what the unit shall be. */
    public static UnitEntity desire(String name, String desiredState) {
        return new UnitEntity(name, List.of(), desiredState, "", "");
    }

    /** The same unit, seen in another state. */
    public UnitEntity withCurrentState(String state) {
        return new UnitEntity(name, options, desiredState, state, machineId);
    }

    /** A request that creates or replaces a unit. */
    public static UnitEntity create(String name, List<UnitOption> options, String desiredState) {
        return new UnitEntity(name, options, desiredState, "", "");
    }
}
