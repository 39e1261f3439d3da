package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.util.ThreadPoolsFactory;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which the library does what the caller need not wait for.
 *
 * <p>What the thread that enters entries into the log gives away it does itself here: mostly that
 * is sending the new entry to each follower. With few calls in flight waking a thread for each of
 * them costs more than to write a small frame, which never waits for the peer, and the entry is on
 * its way before this member's own disk is asked.
 *
 * <p>That thread holds the library's lock of the member meanwhile and takes those of the peers,
 * which is the order that the library keeps everywhere. What a task leads to is given to another
 * thread nevertheless: the library counts on not being called back by its own calls.
 */
final class LibraryThreads extends ThreadPoolExecutor {
    /** How the library names the thread that enters entries. */
    static final String ENTERING = "JRaft-NodeImpl-Disruptor-";

    private static final int KEPT = 2;
    private static final int MOST = 100;
    private static final long IDLE_SECONDS = 10;

    private final ThreadLocal<Boolean> busy = ThreadLocal.withInitial(() -> false);

    LibraryThreads() {
        super(
                KEPT,
                MOST,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("raft-aside-", 0).factory());
        // The library keeps this for good, also when no member of the group is left.
        allowCoreThreadTimeOut(true);
    }

    /** Has a group of the library use such threads from its start on; members share them. */
    static void serve(String groupId) {
        try {
            ThreadPoolsFactory.registerThreadPool(groupId, new LibraryThreads());
        } catch (IllegalArgumentException e) {
            // Another member of the cluster was in this process before, and the library forgets
            // nobody's threads.
        }
    }

    @Override
    public Future<?> submit(Runnable task) {
        if (busy.get() || !Thread.currentThread().getName().startsWith(ENTERING)) {
            return super.submit(task);
        }
        // Keeps what the task throws, as the pool does.
        var now = new FutureTask<@Nullable Void>(task, null);
        busy.set(true);
        try {
            now.run();
        } finally {
            busy.set(false);
        }
        return now;
    }
}
