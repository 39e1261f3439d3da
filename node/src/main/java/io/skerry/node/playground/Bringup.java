package io.skerry.node.playground;

import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.HostState;
import io.skerry.testbed.hosts.Playground;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Brings a playground to the wanted number of running hosts, whatever state it is in. Every step
 * looks first and may be repeated, so a call that was interrupted is continued by the next one. The
 * caller holds the playground's lock.
 */
final class Bringup {
    private final Playground playground;
    private final Progress progress;

    Bringup(Playground playground, Progress progress) {
        this.playground = playground;
        this.progress = progress;
    }

    /**
     * Whether all hosts run, the relay as well, and the cluster answers with all of them. It has a
     * moment for that: a host that has just come may be too busy, and the store without a leader.
     */
    boolean isComplete(int hosts) throws IOException, InterruptedException {
        if (playground.hosts().size() != hosts || !playground.relayRuns()) {
            return false;
        }
        for (Host host : playground.hosts()) {
            if (playground.state(host) != HostState.RUNNING) {
                return false;
            }
        }
        return ClusterProbe.isWhole(playground);
    }

    /** Makes, boots and connects what is not; returns when the cluster answers with all hosts. */
    void run(int hosts) throws IOException, InterruptedException {
        if (playground.sweepOrphans()) {
            progress.note("Removed what an interrupted command had left behind");
        }
        progress.step("Preparing " + hosts + " hosts");
        playground.grow(hosts);
        ClusterPlan plan = plan(hosts);
        installProgram();
        ClusterFiles.writeAll(playground, plan);
        boot();
        ensureRelay(playground);
        ClusterProbe.await(playground, progress);
    }

    /** Starts the relay of the loopback ports if it is missing. */
    static void ensureRelay(Playground playground) throws IOException, InterruptedException {
        playground.ensureRelay(Program.classPath(playground.directory()));
    }

    private ClusterPlan plan(int hosts) throws IOException {
        var known = ClusterPlan.load(playground.directory());
        if (known.isPresent()) {
            return known.get();
        }
        var plan = ClusterPlan.forHosts(hosts);
        plan.save(playground.directory());
        return plan;
    }

    /** A new program only when no host runs the one that is there. */
    private void installProgram() throws IOException, InterruptedException {
        boolean inUse = false;
        for (Host host : playground.hosts()) {
            inUse |= playground.state(host) != HostState.DOWN;
        }
        if (!inUse || !Program.isCopiedFor(playground.directory())) {
            Program.copyFor(playground.directory());
        }
    }

    private void boot() throws IOException, InterruptedException {
        var wanted = new ArrayList<Host>();
        for (Host host : playground.hosts()) {
            switch (playground.state(host)) {
                case RUNNING -> {}
                case FROZEN -> playground.thaw(host);
                case DOWN, STARTING -> wanted.add(host);
            }
        }
        if (wanted.isEmpty()) {
            return;
        }
        progress.step("Booting " + named(wanted));
        playground.ensureNetwork();
        inParallel(wanted);
    }

    private void inParallel(List<Host> wanted) throws IOException, InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var booting = new ArrayList<Callable<Host>>();
            for (Host host : wanted) {
                booting.add(() -> {
                    playground.start(host);
                    return host;
                });
            }
            for (Future<Host> boot : threads.invokeAll(booting)) {
                boot.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private static String named(List<Host> hosts) {
        return String.join(", ", hosts.stream().map(Host::name).toList());
    }
}
