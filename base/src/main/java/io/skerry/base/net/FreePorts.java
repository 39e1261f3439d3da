package io.skerry.base.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that must know theirs before they start: benchmarks, training runs and tests.
 *
 * <p>They lie below the range from which the kernel takes the ports of outgoing connections. A port
 * from inside that range may be taken by any connection while its server restarts; a client that
 * dials it meanwhile may even be connected to itself. Thread-safe.
 */
public final class FreePorts {
    private static final int FIRST = 11_000;
    private static final int COUNT = 20_000;

    /** Processes begin at different places, so that they seldom meet. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePorts() {}

    /**
     * A port of the loopback address that nothing listens on now and that this process was not
     * given before.
     *
     * @throws IOException if there is none
     */
    public static int next() throws IOException {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (free(port)) {
                return port;
            }
        }
        throw new IOException("no port from " + FIRST + " to " + (FIRST + COUNT - 1) + " is free");
    }

    private static boolean free(int port) {
        try (var probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
