package io.skerry.flannel.daemon;

import io.skerry.base.log.Log;
import io.skerry.base.thread.SteadyLoop;
import io.skerry.flannel.address.Ip;
import io.skerry.flannel.kernel.EchoSocket;
import io.skerry.flannel.plan.PathSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Looks whether the paths to the other hosts carry packets as long as this host sends them: by echo
 * requests that must not be taken apart, one host a second, each again after ten minutes, or after
 * one if it did not answer. What is too long for a path is lost without a word where routers tell
 * nothing, and then connections hang as soon as they carry more than a little. A platform thread,
 * in the namespace of who starts it.
 */
final class PathCheck implements AutoCloseable {
    private static final Log LOG = Log.of(PathCheck.class);
    private static final Duration BETWEEN_HOSTS = Duration.ofSeconds(1);
    private static final Duration WHILE_IDLE = Duration.ofSeconds(20);
    private static final long AGAIN_NANOS = Duration.ofMinutes(10).toNanos();

    /** A host may only just be starting. */
    private static final long AGAIN_UNANSWERED_NANOS = Duration.ofMinutes(1).toNanos();

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration LEAST_PATIENCE = Duration.ofMillis(500);

    /** A request or its answer may be lost by chance. */
    private static final int TRIES = 3;

    private final Path file;
    private final FlannelMetrics metrics;
    private final WakeUp wake = new WakeUp();
    private final Map<Ip, Checked> known = new HashMap<>();
    private final short identifier = (short) ThreadLocalRandom.current().nextInt();
    private final Thread thread;
    private volatile Map<Ip, Integer> hosts = Map.of();

    /**
     * What is known of a path.
     *
     * @param carried empty if nothing answers
     */
    private record Checked(int wanted, OptionalInt carried, long at) {
        /** How long it has been time to look again; negative if it is not time yet. */
        long overdueNanos(long now) {
            return now - at - (carried.isEmpty() ? AGAIN_UNANSWERED_NANOS : AGAIN_NANOS);
        }

        boolean isNarrow() {
            return carried.isPresent() && carried.getAsInt() < wanted;
        }
    }

    private PathCheck(Path subnetFile, FlannelMetrics metrics) {
        this.file = PathStatus.file(subnetFile);
        this.metrics = metrics;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("flannel-paths")
                        .unstarted(() ->
                                SteadyLoop.run("paths", this::round, _ -> metrics.fault("paths")));
    }

    static PathCheck start(Path subnetFile, FlannelMetrics metrics) {
        var check = new PathCheck(subnetFile, metrics);
        check.thread.start();
        return check;
    }

    /**
     * By any thread: who there is.
     *
     * @param now how long a packet to each host may be
     */
    void follow(Map<Ip, Integer> now) {
        if (!now.equals(hosts)) {
            hosts = Map.copyOf(now);
            wake.call();
        }
    }

    private boolean round() throws InterruptedException {
        if (turn()) {
            Thread.sleep(BETWEEN_HOSTS);
        } else {
            wake.await(WHILE_IDLE);
        }
        return true;
    }

    /** False when nothing is to be done for now. */
    private boolean turn() throws InterruptedException {
        try {
            Optional<Ip> next = next();
            if (next.isPresent()) {
                check(next.get());
            }
            return next.isPresent();
        } catch (IOException e) {
            LOG.warn("paths to other hosts cannot be checked now", "why", e.getMessage());
            return false;
        }
    }

    /** One that was never looked at, or the longest ago. */
    private Optional<Ip> next() throws IOException {
        Map<Ip, Integer> now = hosts;
        if (known.keySet().retainAll(now.keySet())) {
            tell();
        }
        for (Map.Entry<Ip, Integer> host : now.entrySet()) {
            Checked last = known.get(host.getKey());
            if (last == null || last.wanted() != host.getValue()) {
                return Optional.of(host.getKey());
            }
        }
        long time = System.nanoTime();
        return known.entrySet().stream()
                .filter(path -> path.getValue().overdueNanos(time) > 0)
                .max(Comparator.comparingLong(path -> path.getValue().overdueNanos(time)))
                .map(Map.Entry::getKey);
    }

    private void check(Ip host) throws IOException, InterruptedException {
        Integer wanted = hosts.get(host);
        if (wanted == null) {
            return;
        }
        Checked last = known.get(host);
        var now = new Checked(wanted, search(host, wanted), System.nanoTime());
        known.put(host, now);
        if (now.isNarrow() && (last == null || !last.carried().equals(now.carried()))) {
            LOG.warn(
                    "a path to another host carries too little: give the interface or the"
                            + " network's backend a smaller MTU",
                    "host",
                    host,
                    "carried",
                    now.carried().getAsInt(),
                    "wanted",
                    wanted);
        } else if (last != null && last.isNarrow() && !now.isNarrow()) {
            LOG.info(
                    "a path to another host is not known to carry too little any more",
                    "host",
                    host);
        }
        tell();
    }

    private OptionalInt search(Ip host, int wanted) throws IOException, InterruptedException {
        EchoSocket socket;
        try {
            socket = EchoSocket.to(host, identifier);
        } catch (IOException e) {
            LOG.debug("cannot check a path", "host", host, "why", e.getMessage());
            return OptionalInt.empty(); // there is no way to it now
        }
        try (socket) {
            return PathSearch.longest(wanted, new Echo(socket));
        }
    }

    /** Waits the longer, the longer the first answer took. */
    private static final class Echo implements PathSearch.Probe<IOException> {
        private final EchoSocket socket;
        private Duration patience = PATIENCE;
        private boolean answered;

        Echo(EchoSocket socket) {
            this.socket = socket;
        }

        @Override
        public boolean arrives(int bytes) throws IOException, InterruptedException {
            for (int tries = 0; tries < TRIES; tries++) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long start = System.nanoTime();
                if (socket.isAnswered(bytes, patience)) {
                    if (!answered) {
                        answered = true;
                        var time = Duration.ofNanos(System.nanoTime() - start);
                        patience = LEAST_PATIENCE.plus(time.multipliedBy(4));
                    }
                    return true;
                }
            }
            return false;
        }
    }

    private void tell() throws IOException {
        var narrow = new ArrayList<PathStatus.Narrow>();
        int unanswered = 0;
        for (Map.Entry<Ip, Checked> path : known.entrySet()) {
            Checked found = path.getValue();
            if (found.carried().isEmpty()) {
                unanswered++;
            } else if (found.isNarrow()) {
                narrow.add(
                        new PathStatus.Narrow(
                                path.getKey(), found.carried().getAsInt(), found.wanted()));
            }
        }
        narrow.sort(Comparator.comparing(PathStatus.Narrow::host));
        metrics.paths(narrow.size(), unanswered);
        SubnetEnv.replaceIfChanged(
                file, new PathStatus(known.size() - unanswered, unanswered, narrow).json());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
