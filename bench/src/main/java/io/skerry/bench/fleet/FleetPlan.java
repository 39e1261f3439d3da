package io.skerry.bench.fleet;

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
        if (hosts < 1 || units < 1 || samples < 1 || idle.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "hosts, units, samples and idle seconds must be 1 at least");
        }
    }
}
