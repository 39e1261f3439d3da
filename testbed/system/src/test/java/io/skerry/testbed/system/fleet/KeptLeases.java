package io.skerry.testbed.system.fleet;

import io.skerry.testbed.system.Cli;
import io.skerry.testbed.system.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renews the leases that hosts have now, until it is closed: a node that was killed and needs long
 * to start on a busy machine is not too late then. The node gives the old lease up itself when it
 * has a new one.
 */
final class KeptLeases implements AutoCloseable {
    private static final Pattern LEASE = Pattern.compile("\"lease\":([0-9]+)");
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Cli skerry;
    private final String renewal;
    private final Thread thread;

    private KeptLeases(List<String> leases, Cli skerry) {
        this.skerry = skerry;
        var line = new StringBuilder();
        leases.forEach(
                id -> line.append("etcdctl lease keep-alive --once ").append(id).append(';'));
        this.renewal = line.append("true").toString();
        this.thread = Thread.ofVirtual().name("kept-leases").start(this::run);
    }

    /** Those that the machines hold now. */
    static KeptLeases of(List<String> machineIds, Cli skerry) throws InterruptedException {
        var leases = new ArrayList<String>();
        for (String id : machineIds) {
            String get = "etcdctl get -w json /_coreos.com/fleet/machines/" + id + "/object";
            leases.add(
                    Waiting.untilFound(
                            "the lease of " + id,
                            Cluster.PATIENCE,
                            () -> leaseIn(skerry.shell(get))));
        }
        return new KeptLeases(leases, skerry);
    }

    private static Optional<String> leaseIn(String json) {
        Matcher lease = LEASE.matcher(json);
        return lease.find()
                ? Optional.of(Long.toHexString(Long.parseUnsignedLong(lease.group(1))))
                : Optional.empty();
    }

    private void run() {
        try {
            while (true) {
                try {
                    skerry.shell(renewal);
                } catch (IOException e) {
                    // The store has no leader for a moment; leases begin anew with the next one.
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
