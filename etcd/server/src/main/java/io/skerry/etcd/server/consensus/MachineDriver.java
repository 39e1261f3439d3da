package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.google.protobuf.ByteString;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.consensus.rpc.LeaderContact;
import io.skerry.etcd.server.consensus.rpc.MemberName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Drives the state machine from the library's apply thread.
 *
 * <p>The machine keeps its own state, so the library's snapshot is only a file that names the entry
 * up to which the machine was durable when it was taken. A member that gets such a file from its
 * leader and has less fetches the state itself.
 */
final class MachineDriver extends StateMachineAdapter {
    private static final Log LOG = Log.of(MachineDriver.class);
    static final String MARKER = "applied";

    /** The log is given up at the latest after so many bytes of commands. */
    private static final long SNAPSHOT_BYTES = 64L << 20;

    private final StateMachine machine;
    private final AppliedIndex applied;
    private final GroupCommit commit;
    private final LeaderContact contact;
    private final Consumer<Leadership> leaderships;
    private final LongPredicate fetchState;
    private final StateFetch fetch;
    private final LongSupplier ownTerm;
    private final Runnable takeSnapshot;
    private final CommitListener committed;
    private final Consumer<String> fatal;
    private final long snapshotCount;
    private long commandsSinceSnapshot;
    private long bytesSinceSnapshot;
    private long term;

    /** Set by the library's apply thread alone. */
    private volatile boolean working;

    /**
     * @param fetchState brings the machine to an entry or beyond with the state of a peer; false if
     *     the member is being stopped meanwhile
     */
    MachineDriver(
            StateMachine machine,
            AppliedIndex applied,
            GroupCommit commit,
            LeaderContact contact,
            Consumer<Leadership> leaderships,
            LongPredicate fetchState,
            StateFetch fetch,
            LongSupplier ownTerm,
            Runnable takeSnapshot,
            CommitListener committed,
            Consumer<String> fatal,
            long snapshotCount) {
        this.machine = machine;
        this.applied = applied;
        this.commit = commit;
        this.contact = contact;
        this.leaderships = leaderships;
        this.fetchState = fetchState;
        this.fetch = fetch;
        this.ownTerm = ownTerm;
        this.takeSnapshot = takeSnapshot;
        this.committed = committed;
        this.fatal = fatal;
        this.snapshotCount = snapshotCount;
    }

    /** Hears of an entry of this member's that is committed. */
    interface CommitListener {
        void committed(long index, long term);
    }

    /** Travels with an entry on the member that proposed it. */
    record Entry(GroupCommit commit, GroupCommit.Batch batch, List<ByteString> commands)
            implements Closure {
        @Override
        public void run(Status status) {
            if (status.isOk()) {
                // Delivered when it was applied.
                return;
            }
            boolean notAppended =
                    status.getRaftError() == RaftError.EBUSY
                            || "Is not leader.".equals(status.getErrorMsg());
            if (notAppended) {
                commit.returned(batch.proposals);
                commit.finished(batch);
            } else {
                commit.lost(batch, Failures.leaderChanged());
            }
        }
    }

    /** Whether the machine is at work, for which the library's locks may have to wait. */
    boolean working() {
        return working;
    }

    @Override
    public void onApply(Iterator entries) {
        working = true;
        try {
            applyAll(entries);
        } finally {
            working = false;
        }
    }

    private void applyAll(Iterator entries) {
        while (entries.hasNext()) {
            long index = entries.getIndex();
            var own = (Entry) entries.done();
            bytesSinceSnapshot += entries.getData().remaining();
            if (index > machine.appliedIndex()) {
                List<ByteString> commands =
                        own != null ? own.commands() : CommandBatch.decode(entries.getData());
                // Few are answered first, since followers at work would only delay that; many the
                // followers apply meanwhile.
                boolean few = commands.size() <= GroupCommit.INLINE_RESULTS;
                if (own != null && !few) {
                    committed.committed(index, entries.getTerm());
                }
                fetch.over();
                List<CommandResult> results = machine.apply(index, entries.getTerm(), commands);
                applied.advance(index);
                commandsSinceSnapshot += commands.size();
                if (own != null) {
                    commit.applied(own.batch(), index, results);
                    if (few) {
                        committed.committed(index, entries.getTerm());
                    }
                }
            } else {
                commandsSinceSnapshot++;
            }
            entries.next();
        }
        if (commandsSinceSnapshot >= snapshotCount || bytesSinceSnapshot >= SNAPSHOT_BYTES) {
            commandsSinceSnapshot = 0;
            bytesSinceSnapshot = 0;
            takeSnapshot.run();
        }
    }

    @Override
    public void onLeaderStart(long won) {
        term = won;
        LOG.info("this member leads", "term", won);
        contact.leads(won);
        machine.leadership(won, true);
        leaderships.accept(new Leadership.Own(won));
    }

    @Override
    public void onLeaderStop(Status status) {
        LOG.info("this member leads no longer", "term", term, "reason", status.getErrorMsg());
        machine.leadership(term, false);
        contact.leadsNoLonger();
        leaderships.accept(new Leadership.Nobody(term));
    }

    @Override
    public void onStartFollowing(LeaderChangeContext context) {
        term = context.getTerm();
        long leader = MemberName.memberId(context.getLeaderId());
        LOG.info("leader found", "leader", Long.toHexString(leader), "term", term);
        leaderships.accept(new Leadership.Other(term, leader));
    }

    @Override
    public void onStopFollowing(LeaderChangeContext context) {
        LOG.info("leader lost", "term", term, "reason", context.getStatus().getErrorMsg());
        leaderships.accept(new Leadership.Nobody(Math.max(term, ownTerm.getAsLong())));
    }

    /**
     * Flushes on a thread of its own: entries are applied meanwhile, since a flush may wait for a
     * large commit and the disk. The library takes one snapshot at a time, and waits for it when it
     * is stopped.
     */
    @Override
    public void onSnapshotSave(SnapshotWriter writer, Closure done) {
        // Not the library's index: trailing entries without commands are not in the machine.
        long durable = machine.appliedIndex();
        var _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("raft-flush")
                        .start(() -> done.run(save(durable, writer)));
    }

    private Status save(long durable, SnapshotWriter writer) {
        try {
            machine.flush();
            Files.writeString(Path.of(writer.getPath(), MARKER), Long.toString(durable));
            if (!writer.addFile(MARKER)) {
                throw new IOException("the library does not take the file " + MARKER);
            }
            return Status.OK();
        } catch (IOException | RuntimeException e) {
            // The log stays until the next time, which is all that is lost. ECANCELED, since EIO
            // would end the member.
            LOG.warn("state cannot be flushed, the log is kept", e);
            return new Status(RaftError.ECANCELED, "flush failed: %s", e.getMessage());
        }
    }

    @Override
    public boolean onSnapshotLoad(SnapshotReader reader) {
        long needed;
        try {
            needed = Long.parseLong(Files.readString(Path.of(reader.getPath(), MARKER)).strip());
        } catch (IOException | NumberFormatException e) {
            LOG.error("snapshot marker cannot be read", "directory", reader.getPath(), e);
            return false;
        }
        if (machine.appliedIndex() >= needed) {
            return true;
        }
        LOG.info("state is fetched from a peer", "have", machine.appliedIndex(), "need", needed);
        try {
            fetch.begins();
        } catch (IOException e) {
            LOG.error("state cannot be fetched", e);
            return false;
        }
        working = true;
        try {
            if (!fetchState.test(needed)) {
                return false;
            }
        } finally {
            working = false;
        }
        applied.advance(machine.appliedIndex());
        return true;
    }

    @Override
    public void onConfigurationCommitted(Configuration committedNow) {
        LOG.info(
                "members of the log changed",
                "voters",
                committedNow.getPeers(),
                "learners",
                committedNow.getLearners());
    }

    @Override
    public void onError(RaftException error) {
        fatal.accept(String.valueOf(error.getStatus().getErrorMsg()));
    }
}
