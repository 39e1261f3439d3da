package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.alarm.Alarm;
import io.skerry.etcd.server.auth.AuthListener;
import io.skerry.etcd.server.auth.AuthState;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.consensus.StateMachine;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.ContentHash;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.v2store.NodeStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The store as the log's state machine.
 *
 * <p>Two threads write, one at a time under {@link #writer}: the thread that applies the log, and
 * the maintenance thread, which commits to the file, deletes what a compaction made obsolete, and
 * gathers scattered space, all in small steps. A commit holds the lock only until its content is
 * fixed; serializing and writing go on beside further batches. What no commit contains after a
 * crash comes again from the log, for the applied index lies in the same commit.
 *
 * <p>Readers use the {@link ReadView} that is published after each batch and take no lock.
 */
public final class EtcdStateMachine implements StateMachine, AutoCloseable {
    private static final Log LOG = Log.of(EtcdStateMachine.class);
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);
    private static final int COMPACT_EVENTS_PER_STEP = 200;
    private static final int RECLAIM_BYTES_PER_STEP = 2 << 20;

    /** Writers wait while so much is moved. */
    private static final int SHRINK_BYTES_PER_STEP = 1 << 20;

    /** How much may be rewritten for each byte changed. */
    private static final long RECLAIM_FACTOR = 2;

    /** How many commits' worth of changes may wait before the log has to. */
    private static final int BACKPRESSURE_FACTOR = 4;

    private final Path path;
    private final StoreOptions options;
    private final List<ApplyListener> listeners = new CopyOnWriteArrayList<>();
    private final List<AuthListener> authListeners = new CopyOnWriteArrayList<>();

    /** Held by whoever commits or replaces the file; taken before {@link #writer}. */
    private final ReentrantLock commits = new ReentrantLock();

    /** Held by whoever changes maps or the fields below. */
    private final ReentrantLock writer = new ReentrantLock();

    private final Condition workForMaintenance = writer.newCondition();
    private final Condition committed = writer.newCondition();
    private final Condition compacted = writer.newCondition();

    private volatile StoreFile file;
    private volatile Snapshot published;
    private volatile @Nullable Throwable failure;
    private boolean dirty;
    private boolean changedSinceCommit;

    /**
     * How many bytes may still be rewritten to gather space. Only real changes add to it, so that a
     * store at rest comes to rest. Used by the maintenance thread alone.
     */
    private long reclaimBudget;

    private boolean closing;
    private volatile LongConsumer sizeListener = _ -> {};
    private final Thread maintenance;

    private EtcdStateMachine(Path path, StoreOptions options, StoreFile file) {
        this.path = path;
        this.options = options;
        this.file = file;
        this.published = snapshotOf(file);
        this.maintenance =
                Thread.ofPlatform().daemon().name("store-maintenance").unstarted(this::maintain);
    }

    /**
     * Opens the store's file or creates it; reads no keys.
     *
     * @throws IOException if it cannot be opened, with the reason
     */
    public static EtcdStateMachine open(Path path, StoreOptions options) throws IOException {
        var machine =
                new EtcdStateMachine(path, options, StoreFile.open(path, options.cacheMegabytes()));
        machine.maintenance.start();
        return machine;
    }

    /**
     * Keys and rights of one moment: what may be read is decided by the rights that held when it
     * was so.
     */
    public record Snapshot(ReadView view, AuthState auth) {}

    private static Snapshot snapshotOf(StoreFile file) {
        return new Snapshot(file.keys().view(), file.auth().state());
    }

    /** Hears of everything applied from now on. */
    public void listen(ApplyListener listener) {
        listeners.add(listener);
    }

    /** Hears of everything applied from now on. */
    public void listen(AuthListener listener) {
        authListeners.add(listener);
    }

    /** The newest published state, retained for the caller, who must release it. */
    public ReadView view() {
        return snapshot().view();
    }

    /** As {@link #view}, with the rights that belong to it. */
    public Snapshot snapshot() {
        while (true) {
            var snapshot = published;
            if (snapshot.view.retain()) {
                return snapshot;
            }
        }
    }

    /** Users, roles and rights in the newest published state. */
    public AuthState auth() {
        return published.auth;
    }

    /** Revision of the newest published state. */
    public long revision() {
        return published.view.revision();
    }

    public @Nullable Lease lease(long id) {
        return file.leases().find(id);
    }

    public Collection<Lease> leases() {
        return file.leases().all();
    }

    /**
     * Hashes what can be read at a revision; members with the same content have the same hash.
     *
     * @param revision 0 for the newest
     * @throws RefusedException if the revision is compacted or not yet there
     */
    public ContentHash contentHash(long revision) throws RefusedException {
        var view = view();
        try {
            long at = revision == 0 ? view.revision() : revision;
            if (at > view.revision()) {
                throw new RefusedException(Refusal.FUTURE_REVISION);
            }
            if (at < view.compactRevision()) {
                throw new RefusedException(Refusal.COMPACTED);
            }
            return ContentHash.of(view, at);
        } finally {
            view.release();
        }
    }

    /** The alarms that are raised now, by member. */
    public List<Alarm> alarms() {
        return file.alarms().all();
    }

    /**
     * Hears after each commit how many bytes of the file hold data; on the thread that commits,
     * which it must not hold up.
     */
    public void onMeasured(LongConsumer listener) {
        sizeListener = listener;
    }

    /**
     * The v2 tree's writing side; its events may be read only before the log is applied or while it
     * tells a listener.
     */
    public NodeStore nodes() {
        return file.nodes();
    }

    @Override
    public long appliedIndex() {
        return file.appliedIndex();
    }

    /** Size of the file. */
    public long fileBytes() {
        return file.engine().fileBytes();
    }

    /** How much of the file holds data that is still referred to. */
    public long fileBytesInUse() {
        return file.engine().fileBytesInUse();
    }

    @Override
    public List<CommandResult> apply(long index, long term, List<ByteString> commands) {
        writer.lock();
        try {
            checkWorking();
            if (index <= file.appliedIndex()) {
                throw new IllegalStateException(
                        "entry "
                                + index
                                + " of the log is applied already: the store is at "
                                + file.appliedIndex());
            }
            var results = new ArrayList<CommandResult>(commands.size());
            var changes = new ArrayList<Change>();
            var execution = new CommandExecution(file, term, listeners, authListeners, changes);
            for (var command : commands) {
                results.add(execution.execute(Command.decode(command)));
            }
            file.applied(index, term);
            dirty = true;
            changedSinceCommit = true;
            publish();
            long revision = file.keys().revision();
            listeners.forEach(listener -> listener.applied(changes, revision));
            if (!execution.nodeOutcomes().isEmpty()) {
                var outcomes = List.copyOf(execution.nodeOutcomes());
                listeners.forEach(listener -> listener.nodes(outcomes));
            }
            relieve(execution.compacted());
            return results;
        } finally {
            writer.unlock();
        }
    }

    private void publish() {
        var before = published;
        published = snapshotOf(file);
        before.view.release();
    }

    /**
     * Wakes maintenance when there is enough to do, and waits for it when there is far too much.
     */
    private void relieve(boolean compactionStarted) {
        long unsaved = file.engine().unsavedBytes();
        if (compactionStarted || unsaved > options.commitBytes()) {
            workForMaintenance.signal();
        }
        while (failure == null
                && file.engine().unsavedBytes()
                        > (long) BACKPRESSURE_FACTOR * options.commitBytes()) {
            committed.awaitUninterruptibly();
        }
    }

    private void checkWorking() {
        var broken = failure;
        if (broken != null) {
            throw new IllegalStateException(
                    "the store's file cannot be written any more: " + broken.getMessage(), broken);
        }
    }

    @Override
    public void leadership(long term, boolean leader) {
        listeners.forEach(listener -> listener.leadership(term, leader));
    }

    /** Waits until a compaction has really deleted what it made obsolete. */
    public void awaitCompacted(long revision) {
        writer.lock();
        try {
            while (failure == null
                    && !closing
                    && file.keys().compactedThrough()
                            < Math.min(revision, file.keys().compactRevision())) {
                compacted.awaitUninterruptibly();
            }
        } finally {
            writer.unlock();
        }
    }

    private void maintain() {
        try {
            boolean idle = true;
            while (awaitWork(idle)) {
                boolean compacting = compactStep();
                boolean saved = commitIfDue();
                if (saved) {
                    reclaim();
                }
                idle = !compacting;
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    private boolean awaitWork(boolean idle) throws InterruptedException {
        writer.lock();
        try {
            long nanos = idle ? COMMIT_INTERVAL.toNanos() : 0;
            while (nanos > 0 && !closing && !hasUrgentWork()) {
                nanos = workForMaintenance.awaitNanos(nanos);
            }
            return !closing;
        } finally {
            writer.unlock();
        }
    }

    private boolean hasUrgentWork() {
        var keys = file.keys();
        return keys.compactedThrough() < keys.compactRevision()
                || file.engine().unsavedBytes() > options.commitBytes();
    }

    private boolean compactStep() {
        writer.lock();
        try {
            var keys = file.keys();
            boolean unfinished = keys.compactedThrough() < keys.compactRevision();
            boolean worked = unfinished;
            while (unfinished && !writer.hasQueuedThreads()) {
                unfinished = keys.compactStep(COMPACT_EVENTS_PER_STEP);
                dirty = true;
                changedSinceCommit = true;
                if (file.engine().unsavedBytes() > options.commitBytes()) {
                    break;
                }
            }
            if (!unfinished) {
                if (worked) {
                    // The view before keeps what was deleted from being given back.
                    publish();
                }
                compacted.signalAll();
            }
            return unfinished;
        } finally {
            writer.unlock();
        }
    }

    private long lastCommitNanos = System.nanoTime();

    private boolean commitIfDue() {
        boolean due =
                dirty()
                        && (file.engine().unsavedBytes() > options.commitBytes()
                                || System.nanoTime() - lastCommitNanos
                                        >= COMMIT_INTERVAL.toNanos());
        if (due) {
            commit();
            lastCommitNanos = System.nanoTime();
            sizeListener.accept(fileBytesInUse());
        }
        return due;
    }

    private boolean dirty() {
        writer.lock();
        try {
            if (changedSinceCommit) {
                reclaimBudget =
                        Math.max(
                                reclaimBudget,
                                RECLAIM_BYTES_PER_STEP
                                        + RECLAIM_FACTOR * file.engine().unsavedBytes());
            }
            return dirty;
        } finally {
            writer.unlock();
        }
    }

    private void reclaim() {
        if (reclaimBudget <= 0) {
            return;
        }
        commits.lock();
        try {
            if (file.engine().reclaim(RECLAIM_BYTES_PER_STEP)) {
                reclaimBudget -= RECLAIM_BYTES_PER_STEP;
                writer.lock();
                try {
                    dirty = true;
                } finally {
                    writer.unlock();
                }
            }
        } finally {
            commits.unlock();
        }
    }

    private void commit() {
        commits.lock();
        try {
            writer.lock();
            try {
                checkWorking();
                file.saveState();
                dirty = false;
                changedSinceCommit = false;
            } catch (RuntimeException e) {
                writer.unlock();
                throw e;
            }
            file.engine().commit(writer::unlock);
            writer.lock();
            try {
                committed.signalAll();
            } finally {
                writer.unlock();
            }
        } finally {
            commits.unlock();
        }
    }

    /** For tests that copy the file as a crash would leave it. */
    void whileNotCommitting(Callable<?> action) throws Exception {
        commits.lock();
        try {
            var _ = action.call();
        } finally {
            commits.unlock();
        }
    }

    private void fail(Throwable cause) {
        LOG.error("the store's file cannot be written", "file", path, "cause", cause.toString());
        writer.lock();
        try {
            failure = cause;
            committed.signalAll();
            compacted.signalAll();
        } finally {
            writer.unlock();
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            commit();
            file.engine().sync();
        } catch (RuntimeException e) {
            throw new IOException("the store's file cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void writeSnapshot(OutputStream out) throws IOException {
        try (var image = image()) {
            image.write(out);
        }
    }

    /** Everything as it is now, readable while writes go on. The caller closes it soon. */
    public StoreImage image() {
        writer.lock();
        try {
            return file.image();
        } finally {
            writer.unlock();
        }
    }

    /**
     * Gives space that holds no data back to the disk; returns when that is done. Goes on in small
     * steps, between which writes and commits do.
     */
    public void defragment() throws IOException {
        try {
            new Defragmentation(this::fileBytes, this::gather, this::shrink).run();
        } catch (RuntimeException e) {
            throw new IOException("the store's file cannot be written: " + e.getMessage(), e);
        }
    }

    private boolean gather() {
        commits.lock();
        try {
            boolean rewrote = file.engine().gather(RECLAIM_BYTES_PER_STEP);
            writer.lock();
            try {
                publish();
            } finally {
                writer.unlock();
            }
            commit();
            return rewrote;
        } finally {
            commits.unlock();
        }
    }

    private void shrink() {
        commits.lock();
        writer.lock();
        try {
            checkWorking();
            // What lies in the maps becomes a committed state: it must be a whole one.
            file.saveState();
            file.engine().shrink(SHRINK_BYTES_PER_STEP);
        } finally {
            writer.unlock();
            commits.unlock();
        }
    }

    @Override
    public void readSnapshot(InputStream in) throws IOException {
        commits.lock();
        try {
            var replacement = StoreFile.replace(path, options.cacheMegabytes(), in);
            writer.lock();
            try {
                var former = file;
                file = replacement;
                dirty = false;
                publish();
                former.engine().retire();
                compacted.signalAll();
                long revision = file.keys().revision();
                listeners.forEach(listener -> listener.replaced(revision));
                authListeners.forEach(AuthListener::allLoggedOut);
            } finally {
                writer.unlock();
            }
        } finally {
            commits.unlock();
        }
    }

    /** Commits, waits for the device, and closes the file. Views must not be used afterwards. */
    @Override
    public void close() throws IOException {
        writer.lock();
        try {
            if (closing) {
                return;
            }
            closing = true;
            workForMaintenance.signal();
            compacted.signalAll();
        } finally {
            writer.unlock();
        }
        try {
            // Not interrupted: an interrupt during a write would close the file under it.
            maintenance.join();
            if (failure == null) {
                flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            file.close();
        }
    }
}
