package io.skerry.etcd.server.store;

import io.skerry.base.log.Log;
import io.skerry.etcd.server.mvcc.engine.EngineFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the store's file up: commits what was applied, deletes what a compaction made obsolete, and
 * gathers scattered space, all in small steps on a thread of its own. Owns the locks that whoever
 * changes the file must hold.
 */
final class StoreUpkeep {
    private static final Log LOG = Log.of(StoreUpkeep.class);
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

    /** So long after the last commit nothing is kept for the next. */
    private static final Duration REST_AFTER = Duration.ofSeconds(3);

    private static final int COMPACT_EVENTS_PER_STEP = 200;
    private static final int RECLAIM_BYTES_PER_STEP = 2 << 20;

    /** How much may be rewritten for each byte changed. */
    private static final long RECLAIM_FACTOR = 2;

    /** How many commits' worth of changes may wait before the log has to. */
    private static final int BACKPRESSURE_FACTOR = 8;

    private final Path path;
    private final StoreOptions options;
    private final Runnable publish;
    private final DiskRoom disk;

    /** Held by whoever commits or replaces the file; taken before {@link #writer}. */
    private final ReentrantLock commits = new ReentrantLock();

    /** Held by whoever changes maps or the fields below. */
    private final ReentrantLock writer = new ReentrantLock();

    private final Condition workForMaintenance = writer.newCondition();
    private final Condition committed = writer.newCondition();
    private final Condition compacted = writer.newCondition();

    private volatile StoreFile file;
    private volatile @Nullable Throwable failure;
    private boolean dirty;
    private boolean changedSinceCommit;
    private boolean closing;

    /**
     * How many bytes may still be rewritten to gather space. Only real changes add to it, so that a
     * store at rest comes to rest. Used by the maintenance thread alone, as are the next three.
     */
    private long reclaimBudget;

    /** A commit waits for space on the disk. */
    private boolean heldOff;

    /** What a compaction freed is being given back. */
    private @Nullable GivingBack givingBack;

    private long lastCommitNanos = System.nanoTime();
    private volatile LongConsumer sizeListener = _ -> {};
    private volatile Consumer<String> broken = _ -> {};
    private volatile WorkListener work = (_, _) -> {};
    private final Thread maintenance =
            Thread.ofPlatform().daemon().name("store-maintenance").unstarted(this::maintain);

    /**
     * @param publish makes the present state the one that readers see; called with {@link #writer}
     *     held
     */
    StoreUpkeep(Path path, StoreOptions options, StoreFile file, Runnable publish)
            throws IOException {
        this.path = path;
        this.options = options;
        this.file = file;
        this.publish = publish;
        this.disk = new DiskRoom(path);
    }

    void start() {
        maintenance.start();
    }

    StoreFile file() {
        return file;
    }

    /** Held by whoever changes the file. */
    ReentrantLock writer() {
        return writer;
    }

    void onWork(WorkListener listener) {
        work = listener;
    }

    /** Hears after each commit how many bytes of the file hold data. */
    void onMeasured(LongConsumer listener) {
        sizeListener = listener;
    }

    /** Hears why nothing can be written any more; at once if that is so already. */
    void onBroken(Consumer<String> listener) {
        broken = listener;
        var cause = failure;
        if (cause != null) {
            listener.accept(reason(cause));
        }
    }

    private static String reason(Throwable failure) {
        return "the store's file cannot be written: " + failure.getMessage();
    }

    /** Something was applied, which the next commit must contain. Needs {@link #writer}. */
    void changed() {
        dirty = true;
        changedSinceCommit = true;
    }

    /**
     * Wakes maintenance when there is enough to do, and waits for it when there is far too much.
     * Needs {@link #writer}.
     */
    void relieve(boolean compactionStarted) {
        long unsaved = file.engine().unsavedBytes();
        if (compactionStarted || unsaved > options.commitBytes()) {
            workForMaintenance.signal();
        }
        while (failure == null && file.engine().unsavedBytes() > backpressureBytes()) {
            committed.awaitUninterruptibly();
        }
    }

    void checkWorking() {
        var cause = failure;
        if (cause != null) {
            throw new EngineFailedException(reason(cause), cause);
        }
    }

    /**
     * Waits until a compaction has really deleted what it made obsolete.
     *
     * @throws EngineFailedException if it never will
     */
    void awaitCompacted(long revision) {
        writer.lock();
        try {
            while (failure == null
                    && !closing
                    && file.keys().compactedThrough()
                            < Math.min(revision, file.keys().compactRevision())) {
                compacted.awaitUninterruptibly();
            }
            checkWorking();
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
                idle = !compacting && !giveBack();
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    private boolean awaitWork(boolean idle) throws InterruptedException {
        writer.lock();
        try {
            long nanos = idle || heldOff ? COMMIT_INTERVAL.toNanos() : 0;
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
                || file.engine().unsavedBytes()
                        > (heldOff ? backpressureBytes() : options.commitBytes());
    }

    private long backpressureBytes() {
        return (long) BACKPRESSURE_FACTOR * options.commitBytes();
    }

    private boolean compactStep() {
        writer.lock();
        try {
            var keys = file.keys();
            boolean unfinished = keys.compactedThrough() < keys.compactRevision();
            boolean worked = unfinished;
            while (unfinished && !writer.hasQueuedThreads()) {
                unfinished = keys.compactStep(COMPACT_EVENTS_PER_STEP);
                changed();
                if (file.engine().unsavedBytes() > options.commitBytes()) {
                    break;
                }
            }
            if (!unfinished) {
                if (worked) {
                    givingBack = new GivingBack(System.nanoTime());
                    // The view before keeps what was deleted from being given back.
                    publish.run();
                }
                compacted.signalAll();
            }
            return unfinished;
        } finally {
            writer.unlock();
        }
    }

    private boolean commitIfDue() {
        long unsaved = file.engine().unsavedBytes();
        boolean due =
                dirty()
                        && (unsaved > options.commitBytes()
                                || System.nanoTime() - lastCommitNanos
                                        >= COMMIT_INTERVAL.toNanos());
        // Where the log waits for the commit already, it is tried whatever comes of it.
        heldOff = due && unsaved <= backpressureBytes() && !diskHasRoom();
        if (!due || heldOff) {
            if (System.nanoTime() - lastCommitNanos > REST_AFTER.toNanos()) {
                file.engine().rest();
            }
            return false;
        }
        commit();
        lastCommitNanos = System.nanoTime();
        sizeListener.accept(file.engine().fileBytesInUse());
        return true;
    }

    /** Whether the disk takes what is to be written next. */
    boolean diskHasRoom() {
        return disk.takes(file.engine().unsavedBytes());
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

    /**
     * A step of giving back to the disk what a compaction freed, if most of the file is free.
     *
     * @return true if there may be more to do at once
     */
    private boolean giveBack() {
        GivingBack current = givingBack;
        if (current == null || heldOff) {
            return false;
        }
        var engine = file.engine();
        GivingBack.Step step =
                current.next(engine.fileBytes(), engine.fileBytesInUse(), System.nanoTime());
        switch (step) {
            case GivingBack.Step.Wait() -> {}
            case GivingBack.Step.Gather() ->
                    current.gathered(rewrite(() -> file.engine().reclaim(RECLAIM_BYTES_PER_STEP)));
            case GivingBack.Step.Shrink(var bytes) -> shrink(bytes);
            case GivingBack.Step.End() -> givingBack = null;
        }
        return step.busy();
    }

    private void commit() {
        commits.lock();
        try {
            long since = System.nanoTime();
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
            // A commit holds the lock only until its content is fixed.
            file.engine().commit(writer::unlock);
            writer.lock();
            try {
                committed.signalAll();
            } finally {
                writer.unlock();
            }
            work.did(WorkListener.Work.COMMIT, System.nanoTime() - since);
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
        broken.accept(reason(cause));
    }

    /**
     * Commits and waits for the device.
     *
     * @throws IOException if it cannot be written, or there is no space on the disk
     */
    void flush() throws IOException {
        if (!diskHasRoom()) {
            throw new IOException("the disk under the store's file " + path + " is full");
        }
        try {
            commit();
            file.engine().sync();
        } catch (RuntimeException e) {
            throw new IOException(reason(e), e);
        }
    }

    /**
     * Gives space that holds no data back to the disk, in small steps; returns when it is done, or
     * when the disk has no room for another step.
     */
    void defragment() throws IOException {
        try {
            new Defragmentation(() -> file.engine().fileBytes(), this::gather, this::shrink).run();
        } catch (RuntimeException e) {
            throw new IOException(reason(e), e);
        }
    }

    private boolean gather() {
        return rewrite(() -> file.engine().gather(RECLAIM_BYTES_PER_STEP));
    }

    /** Some of what is scattered: what appended maps hold, and by the other way given. */
    private boolean rewrite(BooleanSupplier others) {
        if (!diskHasRoom()) {
            return false;
        }
        commits.lock();
        try {
            boolean rewrote = file.engine().regroup(RECLAIM_BYTES_PER_STEP, writer);
            rewrote |= others.getAsBoolean();
            writer.lock();
            try {
                publish.run();
            } finally {
                writer.unlock();
            }
            commit();
            return rewrote;
        } finally {
            commits.unlock();
        }
    }

    private void shrink(int bytes) {
        if (!disk.takes(file.engine().unsavedBytes() + bytes)) {
            return;
        }
        commits.lock();
        try {
            file.engine().shrink(bytes, this::commit);
        } finally {
            commits.unlock();
        }
    }

    /**
     * Puts another file in the place of this one, built from an image.
     *
     * @param told runs when it is the store's file, with {@link #writer} held
     */
    void replace(InputStream image, Runnable told) throws IOException {
        commits.lock();
        try {
            var replacement = StoreFile.replace(path, options.cacheMegabytes(), image);
            writer.lock();
            try {
                var former = file;
                file = replacement;
                dirty = false;
                publish.run();
                former.engine().retire();
                compacted.signalAll();
                told.run();
            } finally {
                writer.unlock();
            }
        } finally {
            commits.unlock();
        }
    }

    /** Commits, waits for the device, and closes the file. */
    void close() throws IOException {
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
