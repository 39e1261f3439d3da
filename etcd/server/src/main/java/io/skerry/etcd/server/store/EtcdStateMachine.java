package io.skerry.etcd.server.store;

import com.google.protobuf.ByteString;
import io.skerry.etcd.server.alarm.Alarm;
import io.skerry.etcd.server.auth.AuthListener;
import io.skerry.etcd.server.auth.AuthState;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.consensus.StateMachine;
import io.skerry.etcd.server.lease.Lease;
import io.skerry.etcd.server.membership.MemberList;
import io.skerry.etcd.server.mvcc.Change;
import io.skerry.etcd.server.mvcc.ContentHash;
import io.skerry.etcd.server.mvcc.ReadView;
import io.skerry.etcd.server.v2store.NodeStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The store as the log's state machine.
 *
 * <p>Two threads write, one at a time under its lock: the thread that applies the log, and the
 * thread of {@link StoreUpkeep}. A commit holds the lock only until its content is fixed;
 * serializing and writing go on beside further batches. What no commit contains after a crash comes
 * again from the log, for the applied index lies in the same commit.
 *
 * <p>Readers use the {@link ReadView} that is published after each batch and take no lock.
 */
public final class EtcdStateMachine implements StateMachine, AutoCloseable {
    private final List<ApplyListener> listeners = new CopyOnWriteArrayList<>();
    private final List<AuthListener> authListeners = new CopyOnWriteArrayList<>();

    private final StoreUpkeep upkeep;
    private volatile Snapshot published;
    private final StoreCounts counts = new StoreCounts();
    private volatile SlowWork slow = SlowWork.NONE;
    private volatile WorkListener work = (_, _) -> {};

    private EtcdStateMachine(Path path, StoreOptions options, StoreFile file) throws IOException {
        this.upkeep = new StoreUpkeep(path, options, file, this::publish);
        this.published = snapshotOf(file);
    }

    /**
     * Opens the store's file or creates it; reads no keys.
     *
     * @throws IOException if it cannot be opened, with the reason
     */
    public static EtcdStateMachine open(Path path, StoreOptions options) throws IOException {
        var machine =
                new EtcdStateMachine(path, options, StoreFile.open(path, options.cacheMegabytes()));
        machine.upkeep.start();
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

    /** What was done. */
    public StoreCounts counts() {
        return counts;
    }

    /** Sets who hears how long the store's larger work took. */
    public void onWork(WorkListener listener) {
        work = listener;
        upkeep.onWork(listener);
    }

    /** Tells of work that others did with what they got from here. */
    public void did(WorkListener.Work what, long sinceNanos) {
        work.did(what, System.nanoTime() - sinceNanos);
    }

    /** Sets who hears of slow work. */
    public void slow(SlowWork listener) {
        slow = listener;
    }

    /** Who hears of slow work. */
    public SlowWork slow() {
        return slow;
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
        return upkeep.file().leases().find(id);
    }

    public Collection<Lease> leases() {
        return upkeep.file().leases().all();
    }

    /**
     * Hashes what can be read at a revision; members with the same content have the same hash.
     *
     * @param revision 0 for the newest
     * @throws RefusedException if the revision is compacted or not yet there
     */
    public ContentHash contentHash(long revision) throws RefusedException {
        long since = System.nanoTime();
        var view = view();
        try {
            long at = revision == 0 ? view.revision() : revision;
            if (at > view.revision()) {
                throw new RefusedException(Refusal.FUTURE_REVISION);
            }
            if (at < view.compactRevision()) {
                throw new RefusedException(Refusal.COMPACTED);
            }
            var hash = ContentHash.of(view, at);
            did(revision == 0 ? WorkListener.Work.HASH : WorkListener.Work.HASH_AT_REVISION, since);
            return hash;
        } finally {
            view.release();
        }
    }

    /** The alarms that are raised now, by member. */
    public List<Alarm> alarms() {
        return upkeep.file().alarms().all();
    }

    /**
     * Hears after each commit how many bytes of the file hold data; on the thread that commits,
     * which it must not hold up.
     */
    public void onMeasured(LongConsumer listener) {
        upkeep.onMeasured(listener);
    }

    /** Hears why nothing can be written any more, perhaps twice: the member is to be stopped. */
    public void onBroken(Consumer<String> listener) {
        upkeep.onBroken(listener);
    }

    /**
     * The v2 tree's writing side; its events may be read only before the log is applied or while it
     * tells a listener.
     */
    public NodeStore nodes() {
        return upkeep.file().nodes();
    }

    /** Who belongs to the cluster; empty until the log has told the first. */
    public MemberList members() {
        return upkeep.file().members();
    }

    @Override
    public long appliedIndex() {
        return upkeep.file().appliedIndex();
    }

    /** Size of the file. */
    public long fileBytes() {
        return upkeep.file().engine().fileBytes();
    }

    /** How much of the file holds data that is still referred to. */
    public long fileBytesInUse() {
        return upkeep.file().engine().fileBytesInUse();
    }

    @Override
    public List<CommandResult> apply(long index, long term, List<ByteString> commands) {
        SlowWork told = slow;
        long before = System.nanoTime();
        upkeep.writer().lock();
        try {
            long since = System.nanoTime();
            if (since - before >= told.limitNanos()) {
                told.waited(commands.size(), since - before);
            }
            upkeep.checkWorking();
            if (index <= upkeep.file().appliedIndex()) {
                throw new IllegalStateException(
                        "entry "
                                + index
                                + " of the log is applied already: the store is at "
                                + upkeep.file().appliedIndex());
            }
            var results = new ArrayList<CommandResult>(commands.size());
            var changes = new ArrayList<Change>();
            var execution =
                    new CommandExecution(upkeep.file(), term, listeners, authListeners, changes);
            for (var encoded : commands) {
                Command command = Command.decode(encoded);
                CommandResult result = execution.execute(command);
                results.add(result);
                if (command.isTxn()) {
                    counts.txn();
                }
                long now = System.nanoTime();
                if (now - since >= told.limitNanos()) {
                    told.applied(command, result, now - since);
                }
                since = now;
            }
            upkeep.file().applied(index, term);
            upkeep.changed();
            publish();
            long revision = upkeep.file().keys().revision();
            listeners.forEach(listener -> listener.applied(changes, revision));
            if (!execution.nodeOutcomes().isEmpty()) {
                var outcomes = List.copyOf(execution.nodeOutcomes());
                listeners.forEach(listener -> listener.nodes(outcomes));
            }
            upkeep.relieve(execution.compacted());
            return results;
        } finally {
            upkeep.writer().unlock();
        }
    }

    private void publish() {
        var before = published;
        published = snapshotOf(upkeep.file());
        before.view.release();
    }

    @Override
    public void leadership(long term, boolean leader) {
        listeners.forEach(listener -> listener.leadership(term, leader));
    }

    /** Waits until a compaction has really deleted what it made obsolete. */
    public void awaitCompacted(long revision) {
        upkeep.awaitCompacted(revision);
    }

    /** For tests that copy the file as a crash would leave it. */
    void whileNotCommitting(Callable<?> action) throws Exception {
        upkeep.whileNotCommitting(action);
    }

    @Override
    public void flush() throws IOException {
        upkeep.flush();
    }

    @Override
    public void writeSnapshot(OutputStream out) throws IOException {
        long since = System.nanoTime();
        try (var image = image()) {
            image.write(out);
        }
        did(WorkListener.Work.SNAPSHOT, since);
    }

    /** Everything as it is now, readable while writes go on. The caller closes it soon. */
    public StoreImage image() {
        upkeep.writer().lock();
        try {
            return upkeep.file().image();
        } finally {
            upkeep.writer().unlock();
        }
    }

    /**
     * Gives space that holds no data back to the disk; returns when that is done. Goes on in small
     * steps, between which writes and commits do.
     *
     * @throws RefusedException if the disk has not even room for a step
     */
    public void defragment() throws IOException, RefusedException {
        if (!upkeep.diskHasRoom()) {
            throw new RefusedException(Refusal.NO_SPACE);
        }
        long since = System.nanoTime();
        counts.whileDefragmenting(upkeep::defragment);
        did(WorkListener.Work.DEFRAGMENTATION, since);
    }

    @Override
    public void readSnapshot(InputStream in) throws IOException {
        counts.whileReplacing(() -> upkeep.replace(in, this::replaced));
    }

    private void replaced() {
        long revision = upkeep.file().keys().revision();
        listeners.forEach(listener -> listener.replaced(revision));
        authListeners.forEach(AuthListener::allLoggedOut);
        MemberList members = upkeep.file().members();
        listeners.forEach(listener -> listener.membersChanged(members));
    }

    /** Commits, waits for the device, and closes the file. Views must not be used afterwards. */
    @Override
    public void close() throws IOException {
        upkeep.close();
    }
}
