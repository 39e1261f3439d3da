package io.skerry.bench.net;

import io.skerry.bench.store.FlagRange;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What is measured.
 *
 * @param backends of these
 * @param rounds turns of each program, of which the medians count
 * @param time of one throughput run
 * @param peers how many other hosts the large network has; 0: it is left out
 */
public record NetPlan(List<String> backends, int rounds, Duration time, int peers) {
    static final Set<String> BACKENDS = Set.of("vxlan", "host-gw", "udp");

    /** So many subnets the network of the benchmark has room for. */
    private static final int MOST_PEERS = 5000;

    /** Refuses what cannot be measured. */
    public NetPlan {
        backends = List.copyOf(backends);
        for (String backend : backends) {
            if (!BACKENDS.contains(backend)) {
                throw new IllegalArgumentException(
                        "backend " + backend + " is none of vxlan, host-gw, udp");
            }
        }
        FlagRange.check("--rounds", rounds, 1, Long.MAX_VALUE);
        FlagRange.check("--seconds", time.toSeconds(), 1, Long.MAX_VALUE);
        FlagRange.check("--peers", peers, 0, MOST_PEERS);
    }
}
