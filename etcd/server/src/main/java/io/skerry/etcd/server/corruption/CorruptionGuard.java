package io.skerry.etcd.server.corruption;

import io.skerry.base.log.Log;
import io.skerry.etcd.server.alarm.Alarm;
import io.skerry.etcd.server.consensus.PeerQuestions;
import io.skerry.etcd.server.consensus.Quorum;
import io.skerry.etcd.server.consensus.RaftStatus;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.store.Command;
import io.skerry.etcd.server.store.EtcdStateMachine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Compares this member's content with the others': before it starts, and now and then while it
 * leads. Every member answers those who ask, whatever its own flags say. One thread compares.
 */
public final class CorruptionGuard implements AutoCloseable {
    private static final Log LOG = Log.of(CorruptionGuard.class);
    private static final long PATIENCE_SECONDS = 10;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long CONNECT_PAUSE_MILLIS = 50;

    private final EtcdStateMachine store;
    private final ReplicatedLog log;
    private final Quorum quorum;
    private final ContentReports reports;
    private final CorruptionChecks checks;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("corruption-guard").factory());
    private long comparedCompaction;
    private volatile boolean closed;

    /**
     * @param peers must be asked nothing before the member has connected
     */
    public CorruptionGuard(
            EtcdStateMachine store,
            ReplicatedLog log,
            Quorum quorum,
            PeerQuestions peers,
            CorruptionChecks checks) {
        this.store = store;
        this.log = log;
        this.quorum = quorum;
        this.reports = new ContentReports(store, peers);
        this.checks = checks;
    }

    /**
     * Compares with the others before this member takes part in anything, if that is asked for.
     * Members that cannot be reached do not hold it up.
     *
     * @throws IOException if others differ and this member has not the majority's content
     */
    public void beforeStart() throws IOException {
        if (!checks.initial()) {
            return;
        }
        RaftStatus status = log.status();
        ReadView view = store.view();
        try {
            awaitConnected(others(status));
            var found = compare(status, view, view.revision());
            if (!found.trustsItself()) {
                throw new IOException(
                        "--experimental-initial-corrupt-check: member "
                                + Long.toHexString(status.memberId())
                                + " found data inconsistency with peers: "
                                + found.different().size()
                                + " of them have other content at the same revision; move its data"
                                + " directory away, remove the member and add it again");
            }
            LOG.info(
                    "initial corruption checking passed",
                    "member",
                    Long.toHexString(status.memberId()),
                    "revision",
                    view.revision(),
                    "equal",
                    found.equal().size(),
                    "different",
                    found.different().size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while content was compared", e);
        } finally {
            view.release();
        }
    }

    /** Where all members start at once, those who come first let the others come. */
    private void awaitConnected(List<Long> others) throws InterruptedException {
        long until = System.nanoTime() + CONNECT.toNanos();
        while (System.nanoTime() - until < 0
                && others.stream().anyMatch(member -> quorum.connectedFor(member) == null)) {
            Thread.sleep(CONNECT_PAUSE_MILLIS);
        }
    }

    /** Begins to compare while this member leads. */
    public CorruptionGuard start() {
        repeat(checks.everything(), this::compareEverything);
        repeat(checks.compacted(), this::compareCompacted);
        return this;
    }

    /** A check that may wait. */
    private interface Check {
        void run(RaftStatus status) throws InterruptedException;
    }

    private void repeat(Duration pause, Check check) {
        if (!pause.isZero()) {
            var _ =
                    thread.scheduleWithFixedDelay(
                            () -> whileLeading(check),
                            pause.toMillis(),
                            pause.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void whileLeading(Check check) {
        try {
            RaftStatus status = log.status();
            if (status.leader() && !closed) {
                check.run(status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.warn("content could not be compared and will be again", e);
            }
        }
    }

    private void compareEverything(RaftStatus status) throws InterruptedException {
        try {
            // So that the newest writes are compared, too, and a former leader accuses nobody.
            log.readIndex().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("content could not be compared", "reason", String.valueOf(e.getMessage()));
            return;
        }
        ReadView view = store.view();
        try {
            accuse(compare(status, view, view.revision()));
        } finally {
            view.release();
        }
    }

    private void compareCompacted(RaftStatus status) throws InterruptedException {
        ReadView view = store.view();
        try {
            long revision = view.compactRevision();
            if (revision > 0 && revision != comparedCompaction) {
                var found = compare(status, view, revision);
                accuse(found);
                if (found.equal().size() + found.different().size() == others(status).size()) {
                    comparedCompaction = revision;
                }
            }
        } finally {
            view.release();
        }
    }

    private Comparison compare(RaftStatus status, ReadView view, long revision)
            throws InterruptedException {
        return reports.compare(
                status.memberId(),
                status.members().size(),
                others(status),
                view,
                new ContentQuestion(revision, view.compactRevision()));
    }

    private static List<Long> others(RaftStatus status) {
        var others = new ArrayList<Long>();
        for (RaftStatus.Member member : status.members()) {
            if (member.id() != status.memberId()) {
                others.add(member.id());
            }
        }
        return others;
    }

    private void accuse(Comparison found) throws InterruptedException {
        for (long member : found.damaged()) {
            var alarm = new Alarm(member, Alarm.Kind.CORRUPT);
            if (store.alarms().contains(alarm)) {
                continue;
            }
            LOG.error(
                    "corrupt cluster: writes are refused until the member is replaced and the alarm"
                            + " disarmed",
                    "member",
                    Long.toHexString(member));
            try {
                log.propose(Command.Alarm.byStore(alarm.activation()).encode())
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn("the alarm could not be raised", "reason", String.valueOf(e.getMessage()));
            }
        }
    }

    /** Interrupts nothing: that would close the file that is being read. */
    @Override
    public void close() {
        closed = true;
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.debug("content is still being compared");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
