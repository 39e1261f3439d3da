package io.skerry.fleet.api.schema;

import java.util.List;

/**
 * Why a unit is where it is, or why it is nowhere.
 *
 * @param machineIds where it is placed; several for a global unit
 * @param reason a sentence for people
 */
public record Explanation(
        String name,
        String desiredState,
        String currentState,
        List<String> machineIds,
        String reason) {
    public Explanation {
        machineIds = List.copyOf(machineIds);
    }
}
