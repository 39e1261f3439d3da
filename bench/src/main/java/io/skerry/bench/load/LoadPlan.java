package io.skerry.bench.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What load to make.
 *
 * @param servers each connection goes to one of them in turn
 * @param method {@code /service/name}
 * @param requests encoded messages, sent one after the other and from the start again
 * @param inFlight calls under way at any time, over all connections
 * @param connections at most {@code inFlight}
 * @param requestLimit the load ends after so many calls
 * @param timeLimit the load ends after this time, too
 */
public record LoadPlan(
        List<InetSocketAddress> servers,
        String method,
        List<byte[]> requests,
        int inFlight,
        int connections,
        long requestLimit,
        Duration timeLimit) {
    /** Refuses a load that could not be made. */
    public LoadPlan {
        servers = List.copyOf(servers);
        requests = List.copyOf(requests);
        if (servers.isEmpty() || requests.isEmpty()) {
            throw new IllegalArgumentException("a load needs servers and requests");
        }
        if (connections < 1 || inFlight < connections) {
            throw new IllegalArgumentException(
                    inFlight + " calls in flight over " + connections + " connections");
        }
    }
}
