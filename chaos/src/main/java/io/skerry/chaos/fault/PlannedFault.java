package io.skerry.chaos.fault;

import java.util.Locale;

/**
 * A fault and when it happens.
 *
 * @param startMillis since the clients began
 * @param atLeader whether member 0 of the fault stands for whoever leads at that moment, and the
 *     leader's number for member 0
 */
public record PlannedFault(long startMillis, long endMillis, Fault fault, boolean atLeader) {
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%7.2f..%.2f s %s%s",
                startMillis / 1e3,
                endMillis / 1e3,
                fault,
                atLeader ? " (0 is the leader)" : "");
    }
}
