package io.skerry.bench.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What load to make.
 *
 * @param servers each connection goes to one of them in turn
 * @param method {@code /service/name}
 * @param inFlight most calls under way at any time, over all connections
 * @param connections at most {@code inFlight}
 * @param requestLimit the load ends after so many calls
 * @param timeLimit the load ends after this time, too
 * @param perSecond calls sent a second whether or not earlier ones were answered; 0 for a closed
 *     loop, in which each answer lets the next call go
 */
public record LoadPlan(
        List<InetSocketAddress> servers,
        String method,
        Requests requests,
        int inFlight,
        int connections,
        long requestLimit,
        Duration timeLimit,
        int perSecond) {
    /** Refuses a load that could not be made. */
    public LoadPlan {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("a load needs servers");
        }
        if (connections < 1 || inFlight < connections) {
            throw new IllegalArgumentException(
                    inFlight + " calls in flight over " + connections + " connections");
        }
        if (perSecond < 0) {
            throw new IllegalArgumentException(perSecond + " calls a second");
        }
    }
}
