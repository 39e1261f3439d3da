package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.Node;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.consensus.rpc.MemberOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Notices that the consensus library answers no more, since one of its locks is never given back: a
 * member in that state takes no part in anything and would stay so for ever. Its process is to end,
 * so that its supervisor starts it again; what was acknowledged is on the disk.
 *
 * <p>The library is asked on a spare thread. Patience is counted in looks, not by the clock, so
 * that a process that was stopped for a while is not blamed for that; and a look while the disk
 * works does not count, since the library holds its locks while a vote or an entry is written.
 */
final class LibraryWatch implements AutoCloseable {
    private static final Log LOG = Log.of(LibraryWatch.class);

    static final String REASON =
            "the consensus does not answer any more; this member must be started anew";

    private static final int LOOKS_PER_ELECTION = 2;
    private static final int PATIENCE_ELECTIONS = 30;

    /** Between an answer and the next question; an idle member is woken seldom. */
    private static final int PAUSE_LOOKS = 4;

    private final Runnable probe;
    private final BooleanSupplier diskWorks;
    private final long lookMillis;
    private final int patience;
    private final Consumer<String> hung;
    private final Thread thread;

    /**
     * Begins to watch.
     *
     * @param probe takes the library's locks and gives them back
     * @param diskWorks whether a write that the library may wait for is under way
     * @param patience after so many looks without an answer the library is given up
     * @param hung is told so, once
     */
    LibraryWatch(
            Runnable probe,
            BooleanSupplier diskWorks,
            long lookMillis,
            int patience,
            Consumer<String> hung) {
        this.probe = probe;
        this.diskWorks = diskWorks;
        this.lookMillis = lookMillis;
        this.patience = patience;
        this.hung = hung;
        this.thread = Thread.ofPlatform().daemon().name("raft-watch").start(this::watch);
    }

    /** Watches one member's node of the library and its locks of the peers. */
    static LibraryWatch of(
            Node node,
            MemberOptions member,
            BooleanSupplier diskWorks,
            Duration electionTimeout,
            Consumer<String> hung) {
        return new LibraryWatch(
                () -> {
                    var _ = node.getLeaderId();
                    member.tryLocks();
                },
                diskWorks,
                electionTimeout.toMillis() / LOOKS_PER_ELECTION,
                PATIENCE_ELECTIONS * LOOKS_PER_ELECTION,
                hung);
    }

    private void watch() {
        try {
            while (true) {
                if (!answers()) {
                    LOG.error("the consensus does not answer", "millis", patience * lookMillis);
                    tellThreads();
                    hung.accept(REASON);
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_LOOKS * lookMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answers() throws InterruptedException {
        Thread asking = Thread.ofPlatform().daemon().name("raft-probe").start(this::ask);
        int looks = 0;
        while (looks < patience) {
            asking.join(lookMillis);
            if (!asking.isAlive()) {
                return true;
            }
            if (!diskWorks.getAsBoolean()) {
                looks++;
            }
        }
        return false;
    }

    private void ask() {
        try {
            probe.run();
        } catch (RuntimeException e) {
            // A refusal is an answer, too.
            LOG.debug("the consensus does not tell its leader", e);
        }
    }

    /** What each thread waits for and the locks that it holds, an event each. */
    private static void tellThreads() {
        for (ThreadInfo info : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
            LOG.error(
                    "thread",
                    "name",
                    info.getThreadName(),
                    "state",
                    info.getThreadState(),
                    "waitsFor",
                    info.getLockName(),
                    "heldBy",
                    info.getLockOwnerName(),
                    "holds",
                    List.of(info.getLockedSynchronizers()),
                    "at",
                    List.of(info.getStackTrace()));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
