package io.skerry.testbed.hosts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Chooses the loopback ports of a playground: the same for the same name where they are free, below
 * the range from which the kernel takes ports for outgoing connections.
 */
final class Ports {
    private static final int FIRST = 20_000;
    private static final int BLOCK = 2 * Host.MAX_HOSTS;
    private static final int BLOCKS = 180;

    private Ports() {}

    /** Where the ports of a playground begin if they are free. */
    static int preferredBase(PlaygroundName name) {
        return FIRST + Math.floorMod(name.value().hashCode(), BLOCKS) * BLOCK;
    }

    /**
     * Two ports for a host: its own place in the playground's block, or in one of the next blocks.
     *
     * @param taken ports of the playground's other hosts
     */
    static int[] choose(PlaygroundName name, int number, Collection<Host> taken, IntPredicate free)
            throws PlaygroundException {
        Set<Integer> used = new HashSet<>();
        for (Host host : taken) {
            used.add(host.storePort());
            used.add(host.fleetPort());
        }
        int start = preferredBase(name) - FIRST;
        for (int block = 0; block < BLOCKS; block++) {
            int base = FIRST + (start + block * BLOCK) % (BLOCKS * BLOCK);
            int store = base + 2 * (number - 1);
            if (!used.contains(store)
                    && !used.contains(store + 1)
                    && free.test(store)
                    && free.test(store + 1)) {
                return new int[] {store, store + 1};
            }
        }
        throw new PlaygroundException(
                "no two free loopback ports between "
                        + FIRST
                        + " and "
                        + (FIRST + BLOCKS * BLOCK - 1)
                        + " for host h"
                        + number
                        + ": end the programs that hold them");
    }

    /** Whether nobody listens on a loopback port now. */
    static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
