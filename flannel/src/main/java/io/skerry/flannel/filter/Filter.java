package io.skerry.flannel.filter;

import java.util.Optional;

/**
 * All that a host looks up for its packets.
 *
 * @param beginning for the first packet of a flow
 * @param running for all others, where a policy stops flows that run; they go on without
 */
public record Filter(Program beginning, Optional<Program> running) {
    /** How many elements its maps have. */
    public int elements() {
        return elements(beginning) + running.map(Filter::elements).orElse(0);
    }

    private static int elements(Program program) {
        int count = 0;
        for (var map : program.maps().values()) {
            count += map.size();
        }
        return count;
    }
}
