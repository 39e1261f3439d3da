package io.skerry.bench.fleet;

import io.skerry.bench.store.FlagRange;
import java.time.Duration;

/**
 * What is measured.
 *
 * @param hosts simulated agents, each with a lease and watches of its own
 * @param units that are spread over them
 * @param samples single units that are submitted when all is at rest
 * @param idle how long requests are counted at rest
 */
public record FleetPlan(int hosts, int units, int samples, Duration idle) {
    /** Refuses what cannot be measured. */
    public FleetPlan {
        FlagRange.check("--hosts", hosts, 1, Long.MAX_VALUE);
        FlagRange.check("--units", units, 1, Long.MAX_VALUE);
        FlagRange.check("--samples", samples, 1, Long.MAX_VALUE);
        FlagRange.check("--idle", idle.toSeconds(), 1, Long.MAX_VALUE);
    }
}
