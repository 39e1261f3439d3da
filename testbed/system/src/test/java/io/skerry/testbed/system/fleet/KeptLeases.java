package io.skerry.testbed.system.fleet;

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

    private final Cluster cluster;
    private final List<String> leases;
    private final Thread thread;

    private KeptLeases(List<String> leases, Cluster cluster) {
        this.cluster = cluster;
        this.leases = leases;
        this.thread = Thread.ofVirtual().name("kept-leases").start(this::run);
    }

    /** Those that the machines hold now. */
    static KeptLeases of(List<String> machineIds, Cluster cluster) throws InterruptedException {
        var leases = new ArrayList<String>();
        for (String id : machineIds) {
            String key = "/_coreos.com/fleet/machines/" + id + "/object";
            leases.add(
                    Waiting.untilFound(
                            "the lease of " + id,
                            Cluster.PATIENCE,
                            () -> leaseIn(cluster.etcdctl("get", "-w", "json", key))));
        }
        return new KeptLeases(leases, cluster);
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
                for (String lease : leases) {
                    renew(lease);
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void renew(String lease) throws InterruptedException {
        try {
            var _ = cluster.etcdctl("lease", "keep-alive", "--once", lease);
        } catch (IOException e) {
            // Given up, or the store has no leader: leases begin anew with the next one.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
