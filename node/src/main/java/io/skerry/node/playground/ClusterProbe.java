package io.skerry.node.playground;

import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.Playground;
import io.skerry.testbed.hosts.PlaygroundException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Waits until a cluster is of use: its fleet API, which cannot answer without the store, tells of
 * all machines.
 */
final class ClusterProbe {
    private static final Duration READY_LIMIT = Duration.ofMinutes(4);
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(30);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(15);

    /** A question costs a cold server a handshake, which keeps it from starting. */
    private static final Duration TICK = Duration.ofMillis(200);

    private ClusterProbe() {}

    /** The hosts that the cluster does not know of, or that do not answer, by name. */
    static Set<String> missing(Playground playground) throws IOException {
        ClusterAccess access = ClusterAccess.of(playground);
        var known = new HashSet<String>();
        var answering = new HashSet<String>();
        for (ClusterAccess.Entrance entrance : access.hosts()) {
            Set<String> machines = entrance.running() ? machines(access, entrance) : Set.of();
            known.addAll(machines);
            if (!machines.isEmpty()) {
                answering.add(entrance.host());
            }
        }
        var missing = new TreeSet<String>();
        for (Host host : playground.hosts()) {
            if (!known.contains(host.machineId()) || !answering.contains(host.name())) {
                missing.add(host.name());
            }
        }
        return missing;
    }

    private static Set<String> machines(ClusterAccess access, ClusterAccess.Entrance entrance) {
        try {
            return new FleetQuery(access.tls(), ASK_LIMIT).machines(entrance.fleetUrl());
        } catch (IOException notYet) {
            return Set.of();
        }
    }

    /** Whether all hosts of a playground that runs take part, or do within a moment. */
    static boolean isWhole(Playground playground) throws IOException, InterruptedException {
        long end = System.nanoTime() + BUSY_LIMIT.toNanos();
        boolean whole = missing(playground).isEmpty();
        while (!whole && System.nanoTime() - end < 0) {
            Thread.sleep(TICK);
            whole = missing(playground).isEmpty();
        }
        return whole;
    }

    /** Waits until all hosts of a playground take part. */
    static void await(Playground playground, Progress progress)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + READY_LIMIT.toNanos();
        Set<String> missing = missing(playground);
        while (!missing.isEmpty()) {
            progress.step(
                    missing.size() == playground.hosts().size()
                            ? "Waiting for the store and fleet"
                            : "Waiting for " + String.join(", ", missing));
            Set<String> named = missing;
            tick(end, () -> String.join(", ", named), playground);
            missing = missing(playground);
        }
    }

    /** Waits until one host takes part, as it sees it itself. */
    static void awaitHost(Playground playground, Host host, Progress progress)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + READY_LIMIT.toNanos();
        Bringup.ensureRelay(playground);
        ClusterAccess access = ClusterAccess.of(playground);
        ClusterAccess.Entrance entrance =
                access.hosts().stream()
                        .filter(each -> each.host().equals(host.name()))
                        .findFirst()
                        .orElseThrow();
        while (!machines(access, entrance).contains(host.machineId())) {
            progress.step("Waiting for the node on " + host);
            tick(end, host::name, playground);
        }
    }

    private static void tick(long end, Supplier<String> who, Playground playground)
            throws PlaygroundException, InterruptedException {
        if (System.nanoTime() - end >= 0) {
            throw new PlaygroundException(
                    who.get()
                            + " did not join the cluster within "
                            + READY_LIMIT.toSeconds()
                            + " seconds: see \""
                            + Session.command(playground.name(), "logs")
                            + "\" and \""
                            + Session.command(playground.name(), "status")
                            + "\"; \"up\" again goes on, \"down\" removes all");
        }
        Thread.sleep(TICK);
    }

    /** Waits until a cluster reached directly has that many machines. */
    static void await(ClusterAccess access, int machines, Progress progress)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + READY_LIMIT.toNanos();
        while (machines(access, access.hosts().getFirst()).size() < machines) {
            progress.step("Waiting for the store and fleet");
            if (System.nanoTime() - end >= 0) {
                throw new PlaygroundException(
                        "the node does not answer: see \"journalctl -u " + Program.UNIT + "\"");
            }
            Thread.sleep(TICK);
        }
    }
}
