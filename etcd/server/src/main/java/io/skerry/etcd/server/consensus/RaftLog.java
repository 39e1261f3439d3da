package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.RaftServiceFactory;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.google.protobuf.ByteString;
import io.skerry.base.log.Log;
import io.skerry.base.metrics.Metrics;
import io.skerry.etcd.server.consensus.peer.AppendTraffic;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import io.skerry.etcd.server.consensus.peer.PeerOptions;
import io.skerry.etcd.server.consensus.rpc.CommitNotice;
import io.skerry.etcd.server.consensus.rpc.MemberName;
import io.skerry.etcd.server.consensus.rpc.MemberOptions;
import io.skerry.etcd.server.consensus.rpc.PeerRpcProcessors;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The replicated log of one member over the consensus library. */
public final class RaftLog implements ReplicatedLog {
    private static final Log LOG = Log.of(RaftLog.class);
    private static final long SWEEP_MILLIS = 200;

    /** Why a member that was removed from its cluster ends, as etcd says it. */
    public static final String REMOVED =
            "the member has been permanently removed from the cluster; the data-dir used by this"
                    + " member must be removed";

    private final RaftOptions options;
    private final StateMachine machine;
    private final Consumer<String> fatal;
    private final AppliedIndex applied;
    private final GroupCommit commit;
    private final PeerNetwork network;
    private final Forwarding forwarding;
    private final SnapshotStreams snapshots;
    private final DiskGuard diskGuard;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService deliveries;
    private final ExecutorService requests;
    private final AutoCloseable processors;
    private final Reconfiguration reconfiguration;
    private final Handover handover;
    private final News news = new News();
    private final StateFetch fetch;
    private final LibraryStorage storage;
    private final Questions questions;
    private final LeaderSilence silence;
    private final AtomicLong leadersSeen = new AtomicLong();
    private final RaftMetrics metrics;
    private final PeerMetrics peerMetrics;
    private volatile Leadership leadership = new Leadership.Nobody(0);
    private final Parting parting;
    private volatile Roster roster;
    private volatile boolean closed;
    private volatile boolean connected;

    /** Both are set once the library runs. */
    private volatile @Nullable Node node;

    private volatile boolean joinable; // what could not be opened never says that it has ended

    private volatile @Nullable ReadRounds reads;
    private volatile @Nullable LibraryWatch watch;

    private RaftLog(
            RaftOptions options, StateMachine machine, Metrics metrics, Consumer<String> fatal) {
        this.options = options;
        this.machine = machine;
        this.fatal = fatal;
        this.applied = new AppliedIndex(machine.appliedIndex());
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("raft-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.deliveries =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("raft-deliveries").factory());
        this.requests =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().daemon().name("raft-requests-", 0).factory());
        this.parting = new Parting(timer, () -> failed(REMOVED));
        this.commit = new GroupCommit(this::send, deliveries, news);
        this.network =
                new PeerNetwork(
                        new PeerOptions(
                                options.clusterId(),
                                options.memberId(),
                                options.versions(),
                                options.listen(),
                                options.roster().addresses(),
                                options.peerTls()));
        this.roster = options.roster();
        network.peers(roster.addresses(), roster.removed());
        this.forwarding =
                new Forwarding(
                        network, commit, applied, timer, options.requestTimeout(), this::diskFull);
        this.snapshots = new SnapshotStreams(network, machine);
        this.diskGuard = new DiskGuard(options.directory());
        this.questions = new Questions(network, () -> leadership, options.requestTimeout());
        this.fetch = new StateFetch(options.directory());
        this.handover = new Handover(commit, news);
        this.reconfiguration =
                new Reconfiguration(
                        options.memberId(),
                        network,
                        handover,
                        news,
                        () -> roster,
                        () -> leadership instanceof Leadership.Own,
                        () -> leadership.leaderId(options.memberId()),
                        applied::get,
                        options.requestTimeout());
        this.silence =
                new LeaderSilence(
                        options.memberId(),
                        questions,
                        reconfiguration::agreedVoters,
                        timer,
                        requests);
        this.processors = PeerRpcProcessors.register(network, requests, silence.contact());
        network.clusterVersion(() -> roster.version());
        network.onRemoved(_ -> removed());
        this.metrics = new RaftMetrics(metrics, this, commit);
        this.peerMetrics = new PeerMetrics(metrics, network);
        this.storage = new LibraryStorage(options.directory(), this.metrics::synced);
    }

    /**
     * A member that does nothing yet; close it also if it is never started.
     *
     * @param fatal is told, once, why this member cannot go on; close it then
     */
    public static RaftLog create(
            RaftOptions options, StateMachine machine, Metrics metrics, Consumer<String> fatal) {
        LibrarySettings.apply();
        return new RaftLog(options, machine, metrics, fatal);
    }

    /**
     * Connects the member to its peers, which may then be asked, before it takes part in anything.
     *
     * @throws IOException names the address or file and what is wrong with it
     */
    public void connect() throws IOException {
        if (!connected) {
            connected = true;
            network.start();
        }
    }

    /** Questions to other members; those asked must have connected. */
    public PeerQuestions peers() {
        return questions;
    }

    /**
     * Starts the member. Returns when its log is open and it takes part in elections; there need be
     * no leader yet. The machine may be driven from here on. After a failure it can only be closed.
     *
     * @throws IOException says what is wrong with log, vote or network
     */
    public void start() throws IOException {
        connect();
        PeerId self = MemberName.of(options.memberId());
        NodeManager.getInstance().addAddress(self.getEndpoint());
        var driver =
                new MachineDriver(
                        machine,
                        applied,
                        commit,
                        silence.contact(),
                        this::led,
                        snapshots::fetch,
                        fetch,
                        () -> leadership.term(),
                        this::snapshot,
                        this::announceCommit,
                        this::failed,
                        options.snapshotCount());
        LibraryThreads.serve(groupId());
        Node started = RaftServiceFactory.createRaftNode(groupId(), self);
        node = started;
        MemberOptions settings = LibrarySettings.of(options, network, storage, driver);
        if (!started.init(settings)) {
            throw storage.failure("the consensus could not be started; see the log");
        }
        joinable = true;
        if (machine.appliedIndex() > started.getLastLogIndex() && !fetch.noted()) {
            throw new IOException(
                    "the log in "
                            + options.directory()
                            + " ends at entry "
                            + started.getLastLogIndex()
                            + " but the store has applied entry "
                            + machine.appliedIndex()
                            + ": part of the log is missing; restore this member from its peers:"
                            + " move its data directory away and add it again");
        }
        if (options.alone()) {
            Reconfiguration.standAlone(started, self);
        }
        reconfiguration.start(started);
        watch =
                LibraryWatch.of(
                        started,
                        settings,
                        () -> storage.writing() || driver.working(),
                        options.electionTimeout(),
                        this::failed);
        if (roster.removed().contains(options.memberId())) {
            removed();
        }
        reads =
                new ReadRounds(
                        started,
                        Math.max(1000, options.electionTimeout().toMillis()),
                        timer,
                        () ->
                                leadership instanceof Leadership.Nobody
                                        ? Failures.noLeader()
                                        : Failures.timedOut());
        var _ = timer.scheduleWithFixedDelay(diskGuard::look, 0, 1, TimeUnit.SECONDS);
        peerMetrics.probe(timer);
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> commit.expire(System.nanoTime()),
                        SWEEP_MILLIS,
                        SWEEP_MILLIS,
                        TimeUnit.MILLISECONDS);
        silence.keepTime();
    }

    /**
     * Who belongs to the cluster from now on. Called on the thread that applies the log, and before
     * {@link #start} with what is stored.
     */
    public void roster(Roster now) {
        roster = now;
        network.peers(now.addresses(), now.removed());
        reconfiguration.changed();
        if (now.removed().contains(options.memberId())) {
            removed();
        }
    }

    private void removed() {
        if (!closed) {
            parting.begin();
        }
    }

    /** Sets what is told to those who ask about the cluster without being members of it. */
    public void introduce(Supplier<ByteString> introduction) {
        network.introduce(introduction);
    }

    /** Who votes, and for the leader's member the ways to change it. */
    public Quorum quorum() {
        return reconfiguration;
    }

    private void led(Leadership now) {
        if (!(now instanceof Leadership.Nobody)) {
            leadersSeen.incrementAndGet();
        }
        leadership = now;
        commit.leadership(now);
        reconfiguration.led();
    }

    long readsFailed() {
        ReadRounds rounds = reads;
        return rounds == null ? 0 : rounds.failed();
    }

    long readsSlow() {
        ReadRounds rounds = reads;
        return rounds == null ? 0 : rounds.slow();
    }

    long leadersSeen() {
        return leadersSeen.get();
    }

    private void failed(String reason) {
        if (!closed) {
            LOG.error("this member cannot go on", "reason", reason);
            fatal.accept(reason);
        }
    }

    private void snapshot() {
        Node running = node;
        if (running != null) {
            running.snapshot(status -> {
                if (!status.isOk()) {
                    LOG.debug("log not given up", "reason", status.getErrorMsg());
                }
            });
        }
    }

    /**
     * Tells followers at once that an entry is committed. The library would tell them with the next
     * entry or heartbeat, and until then the watchers on followers and those who have proposed
     * there would wait.
     */
    private void announceCommit(long index, long entryTerm) {
        if (leadership instanceof Leadership.Own own) {
            for (long peer : network.peers()) {
                CommitNotice.send(
                        network, groupId(), options.memberId(), peer, own.term(), index, entryTerm);
            }
        }
    }

    private String groupId() {
        return "c" + Long.toHexString(options.clusterId());
    }

    private void send(GroupCommit.Batch batch, Leadership to) {
        switch (to) {
            case Leadership.Own own -> append(batch, own.term());
            case Leadership.Other other -> forwarding.send(batch, other.memberId());
            case Leadership.Nobody _ -> {
                commit.returned(batch.proposals);
                commit.finished(batch);
            }
        }
    }

    private void append(GroupCommit.Batch batch, long term) {
        List<ByteString> commands = batch.proposals.stream().map(Proposal::command).toList();
        var entry = new MachineDriver.Entry(commit, batch, commands);
        var task = new Task(CommandBatch.encode(commands), entry, term);
        Node running = node;
        if (running == null || closed) {
            commit.lost(batch, Failures.stopped());
            return;
        }
        try {
            running.apply(task);
        } catch (RuntimeException e) {
            // The library is being stopped.
            commit.lost(batch, Failures.stopped());
        }
    }

    @Override
    public CompletableFuture<CommandResult> propose(ByteString command) {
        if (storage.diskFull() || diskGuard.lowFor(command.size())) {
            return CompletableFuture.failedFuture(Failures.diskFull());
        }
        var outcome = new CompletableFuture<Proposal.Applied>();
        commit.offer(new Proposal(command, false, deadlineNanos(), outcome));
        return outcome.thenApply(Proposal.Applied::result);
    }

    private long deadlineNanos() {
        return System.nanoTime() + options.requestTimeout().toNanos();
    }

    @Override
    public CompletableFuture<Long> readIndex() {
        ReadRounds rounds = reads;
        if (rounds == null || closed) {
            return CompletableFuture.failedFuture(Failures.stopped());
        }
        if (reconfiguration.soleVoter() && leadership instanceof Leadership.Own) {
            // All that was ever acknowledged was acknowledged here, after it was applied.
            return CompletableFuture.completedFuture(applied.get());
        }
        return rounds.join(deadlineNanos());
    }

    /** How much this member's log has to do with others. */
    public AppendTraffic traffic() {
        return network.traffic();
    }

    @Override
    public RaftStatus status() {
        Leadership now = leadership;
        Node running = node;
        return new RaftStatus(
                options.clusterId(),
                options.memberId(),
                now.term(),
                now.leaderId(options.memberId()),
                now.sinceNanos(),
                running == null ? 0 : committed(running),
                applied.get(),
                roster.members());
    }

    /** 0 while the library's node starts or stops: it then refuses to say, and callers poll. */
    private static long committed(Node running) {
        try {
            return running.getLastCommittedIndex();
        } catch (IllegalStateException e) {
            return 0;
        }
    }

    @Override
    public CompletableFuture<ByteString> askLeader(String service, ByteString request) {
        return questions.askLeader(service, request);
    }

    @Override
    public void onAsk(String service, Function<ByteString, CompletionStage<ByteString>> handler) {
        questions.onLeader(service, handler);
    }

    @Override
    public CompletableFuture<Duration> silenceBefore(long term) {
        return silence.before(term);
    }

    /** Whether writes are refused since the disk under the data is full or nearly so. */
    public boolean diskFull() {
        return storage.diskFull() || diskGuard.low();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        Node running = node;
        if (running != null && leadership instanceof Leadership.Own) {
            handOver(running);
        }
        closed = true;
        LibraryWatch watching = watch;
        if (watching != null) {
            watching.close();
        }
        reconfiguration.close();
        commit.close();
        applied.close();
        ReadRounds rounds = reads;
        if (rounds != null) {
            rounds.close();
        }
        snapshots.close();
        if (running != null) {
            stop(running);
        }
        NodeManager.getInstance().removeAddress(MemberName.of(options.memberId()).getEndpoint());
        network.close();
        timer.shutdownNow();
        try {
            processors.close();
        } catch (Exception e) {
            LOG.warn("requests of peers could not be ended", e);
        }
        requests.shutdownNow();
        deliveries.shutdown();
    }

    private void stop(Node running) {
        storage.stopping();
        try {
            running.shutdown(null);
            if (joinable) {
                running.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets another member lead at once instead of after an election timeout. */
    private void handOver(Node running) {
        if (!reconfiguration.soleVoter()) {
            handover.leave(
                    running,
                    () -> leadership instanceof Leadership.Other,
                    options.electionTimeout().toNanos());
        }
    }
}
