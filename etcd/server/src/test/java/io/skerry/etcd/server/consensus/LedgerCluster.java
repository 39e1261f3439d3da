package io.skerry.etcd.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.FreePorts;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.server.consensus.peer.Versions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Members with ledgers in one process, on loopback and real disks. */
final class LedgerCluster implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** What is said of a lost connection as well, and where no leader was seen for the time. */
    private static final Pattern LATE =
            Pattern.compile("etcdserver: (request timed out|no leader)");

    private final Path directory;
    private final long clusterId;
    private final @Nullable TlsFiles tls;
    private final long snapshotCount;
    private final List<Long> ids = new ArrayList<>();

    /** Where peers dial a member. */
    final Map<Long, InetSocketAddress> dial = new HashMap<>();

    /** Lies between members if a test wants to cut them off. */
    private @Nullable Links links;

    final Map<Long, InetSocketAddress> listen = new HashMap<>();
    final Map<Long, RaftLog> logs = new TreeMap<>();
    final Map<Long, LedgerMachine> machines = new TreeMap<>();

    LedgerCluster(
            Path directory, long clusterId, int members, @Nullable TlsFiles tls, long snapshotCount)
            throws IOException {
        this.directory = directory;
        this.clusterId = clusterId;
        this.tls = tls;
        this.snapshotCount = snapshotCount;
        for (long id = 1; id <= members; id++) {
            ids.add(id);
            int port = FreePorts.next();
            listen.put(id, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            dial.put(id, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    List<Long> ids() {
        return ids;
    }

    /** Puts links that can be cut between all members; to be called before they start. */
    Links linked() throws IOException {
        var laid = new Links(dial);
        links = laid;
        return laid;
    }

    LedgerCluster startAll() throws IOException {
        for (long id : ids) {
            start(id);
        }
        return this;
    }

    RaftLog start(long id) throws IOException {
        var members = new ArrayList<RaftStatus.Member>();
        ids.forEach(i -> members.add(new RaftStatus.Member(i, "m" + i, List.of(), List.of())));
        var addresses = new HashMap<Long, List<InetSocketAddress>>();
        Links between = links;
        dial.forEach((peer, address) ->
                addresses.put(
                        peer,
                        List.of(
                                between == null || peer == id
                                        ? address
                                        : between.address(id, peer))));
        Path own = directory.resolve("m" + id);
        Files.createDirectories(own);
        var machine = new LedgerMachine(own.resolve("ledger"));
        var options =
                new RaftOptions(
                        clusterId,
                        id,
                        Versions.CURRENT,
                        new Roster(members, addresses, Set.of(), 0, true),
                        false,
                        false,
                        List.of(listen(id)),
                        tls,
                        own,
                        Duration.ofMillis(100),
                        Duration.ofMillis(1000),
                        snapshotCount);
        RaftLog log = RaftLog.create(options, machine, new Metrics(), reason -> {});
        try {
            log.start();
        } catch (IOException e) {
            log.close();
            throw e;
        }
        machines.put(id, machine);
        logs.put(id, log);
        return log;
    }

    private InetSocketAddress listen(long id) {
        return get(listen, id);
    }

    RaftLog log(long id) {
        return get(logs, id);
    }

    LedgerMachine machine(long id) {
        return get(machines, id);
    }

    private static <V> V get(Map<Long, V> map, long id) {
        V value = map.get(id);
        if (value == null) {
            throw new IllegalArgumentException("no member " + id);
        }
        return value;
    }

    void stop(long id) {
        log(id).close();
        logs.remove(id);
    }

    /** Waits until all running members agree on a leader that has applied its term's beginning. */
    long leader() {
        var leader = new AtomicLong();
        await(
                "a leader",
                LONG,
                () -> {
                    leader.set(agreed());
                    return leader.get() != 0;
                });
        return leader.get();
    }

    private long agreed() {
        long leader = 0;
        for (RaftLog log : logs.values()) {
            long seen = log.status().leaderId();
            if (seen == 0 || (leader != 0 && seen != leader) || !logs.containsKey(seen)) {
                return 0;
            }
            leader = seen;
        }
        return leader;
    }

    /**
     * Proposes at a member and gives the position in the ledger.
     *
     * <p>A machine that stands still loses its leader, a connection or the time for an answer, and
     * with it what was just proposed, which is no fault: then, and only then, it is proposed again,
     * unless it is in the ledger after all.
     *
     * @param text is in the ledger once at most
     */
    long put(long id, String text) throws Exception {
        long until = System.nanoTime() + LONG.toNanos();
        while (true) {
            RaftStatus before = log(id).status();
            try {
                return position(propose(id, text));
            } catch (ExecutionException e) {
                decideWhatWasProposed(id, until);
                RaftStatus after = log(id).status();
                boolean ruled =
                        before.leaderId() != 0
                                && before.leaderId() == after.leaderId()
                                && before.term() == after.term();
                boolean late = LATE.matcher(String.valueOf(e.getMessage())).find();
                if ((ruled && !late) || System.nanoTime() - until > 0) {
                    throw e;
                }
            }
            int found = machine(id).entries().indexOf(text);
            if (found >= 0) {
                return found + 1L;
            }
        }
    }

    /** Proposes at a member, once. */
    CommandResult propose(long id, String text) throws Exception {
        return log(id).propose(ByteString.copyFromUtf8(text)).get(60, TimeUnit.SECONDS);
    }

    private static long position(CommandResult result) {
        return Long.parseLong(result.response().toStringUtf8());
    }

    /** Until nothing that was proposed at a member before can enter the ledger any more. */
    private void decideWhatWasProposed(long id, long until) throws Exception {
        while (true) {
            try {
                // Its place in the log is behind all those, and nothing comes into the ledger.
                var _ = propose(id, "refuse");
                return;
            } catch (ExecutionException e) {
                if (System.nanoTime() - until > 0) {
                    throw e;
                }
                awaitLeaderSeenBy(id);
            }
        }
    }

    private void awaitLeaderSeenBy(long id) {
        await("member " + id + " to see a leader", LONG, () -> log(id).status().leaderId() != 0);
    }

    static void await(String what, Duration limit, BooleanSupplier condition) {
        long until = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("waited in vain for " + what, new TimeoutException());
            }
            Thread.onSpinWait();
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }

    void awaitEqualLedgers() {
        await(
                "equal ledgers",
                LONG,
                () ->
                        machines.keySet().stream()
                                        .filter(logs::containsKey)
                                        .map(id -> machine(id).entries())
                                        .distinct()
                                        .count()
                                == 1);
        assertThat(machines).isNotEmpty();
    }

    @Override
    public void close() {
        logs.values().forEach(RaftLog::close);
        if (links != null) {
            links.close();
        }
    }
}
