package io.skerry.etcd.server.consensus;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.log.Log;
import io.skerry.etcd.server.consensus.peer.Lane;
import io.skerry.etcd.server.consensus.peer.PeerNetwork;
import io.skerry.etcd.server.consensus.peer.Versions;
import io.skerry.etcd.server.consensus.rpc.MemberName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings the library's configuration to what the roster says, while this member leads.
 *
 * <p>A new voter is first a learner of the library, whatever the roster calls it, and votes once it
 * has nearly all of the log: so a member that has not started, or that needs the whole state, never
 * counts for the quorum. A learner that becomes a voter leaves the configuration for a moment, for
 * the library goes on not to count one whom it has once replicated to as a learner. All changes are
 * made by one thread, one at a time.
 */
final class Reconfiguration implements Quorum, AutoCloseable {
    private static final Log LOG = Log.of(Reconfiguration.class);
    private static final int PROGRESS = 52;
    private static final int PROGRESS_ANSWER = 53;

    /** Between two attempts: a member that catches up is asked how far it is, and tells nobody. */
    private static final long AGAIN_MILLIS = 200;

    private static final long CHANGE_SECONDS = 10;
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);
    private static final long SETTLE_MILLIS = 3000;
    private static final long SETTLE_AGAIN_MILLIS = 50;
    private static final long TRANSFER_AGAIN_MILLIS = 100;
    private static final long HANDOVER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How far behind the leader a member may be that is to vote. */
    private static final double CAUGHT_UP = 0.9;

    private final long self;
    private final PeerNetwork network;
    private final Handover handover;
    private final News news;
    private final Supplier<Roster> roster;
    private final BooleanSupplier leads;
    private final LongSupplier leader;
    private final LongSupplier applied;
    private final Duration requestTimeout;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("raft-members").factory());

    private volatile @Nullable Node node;

    /** A look is on its way that will see what changes now. */
    private final AtomicBoolean due = new AtomicBoolean();

    /** The next attempt; only the one thread knows it. */
    private @Nullable ScheduledFuture<?> again;

    /** How many vote; 0 if that is not known or about to change. */
    private volatile int voters;

    Reconfiguration(
            long self,
            PeerNetwork network,
            Handover handover,
            News news,
            Supplier<Roster> roster,
            BooleanSupplier leads,
            LongSupplier leader,
            LongSupplier applied,
            Duration requestTimeout) {
        this.self = self;
        this.network = network;
        this.handover = handover;
        this.news = news;
        this.roster = roster;
        this.leads = leads;
        this.leader = leader;
        this.applied = applied;
        this.requestTimeout = requestTimeout;
        network.handle(
                PROGRESS, request -> request.reply(PROGRESS_ANSWER, number(applied.getAsLong())));
    }

    /** What the log says of others is forgotten; who of them still runs is refused from now on. */
    static void standAlone(Node started, PeerId self) throws IOException {
        LOG.warn("this member goes on as the only one of its cluster", "member", self.getIp());
        var status = started.resetPeers(new Configuration(List.of(self)));
        if (!status.isOk()) {
            throw new IOException("--force-new-cluster: " + status.getErrorMsg());
        }
    }

    void start(Node running) {
        node = running;
        network.onConnected(_ -> changed());
        changed();
    }

    /** Another term has begun. */
    void led() {
        voters = 0;
        changed();
    }

    /** Roster, leader or connections are others than before: there may be something to do. */
    void changed() {
        news.tell();
        if (node != null && !due.getAndSet(true)) {
            try {
                thread.execute(this::look);
            } catch (RejectedExecutionException e) {
                LOG.debug("this member is being stopped");
            }
        }
    }

    private void lookAgain() {
        if (!thread.isShutdown()) {
            again = thread.schedule(this::look, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Whether this member leads and nobody else votes. */
    boolean soleVoter() {
        return voters == 1;
    }

    /**
     * Who votes, if this member leads and log and roster are of one mind about it; else null. Takes
     * the library's lock.
     */
    @Nullable Set<Long> agreedVoters() {
        Node running = node;
        if (running == null || !leads.getAsBoolean()) {
            return null;
        }
        try {
            Set<Long> voting =
                    running.listPeers().stream()
                            .map(MemberName::memberId)
                            .collect(Collectors.toSet());
            Set<Long> wanted =
                    roster.get().members().stream()
                            .filter(member -> !member.learner())
                            .map(RaftStatus.Member::id)
                            .collect(Collectors.toSet());
            return voting.equals(wanted) ? voting : null;
        } catch (IllegalStateException e) {
            // It leads no longer, or is being stopped.
            return null;
        }
    }

    private void look() {
        due.set(false);
        if (again != null) {
            again.cancel(false);
            again = null;
        }
        Node running = node;
        if (running == null || !leads.getAsBoolean()) {
            voters = 0;
            return;
        }
        try {
            Step last = Step.DONE;
            while (leads.getAsBoolean() && last == Step.DONE) {
                last = step(running);
            }
            voters = running.listPeers().size();
            if (last == Step.AGAIN) {
                lookAgain();
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            voters = 0;
            // It leads no longer, or not yet by the library's word, or is being stopped.
            if (leads.getAsBoolean()) {
                lookAgain();
            }
        }
    }

    /** What came of one look at what is to be changed. */
    private enum Step {
        /** One change is made, and there may be more. */
        DONE,
        /** A member is not far enough, or the library would not: it must be tried again. */
        AGAIN,
        /** There is nothing to be done until something is told to {@link #changed}. */
        NOTHING;

        static Step of(boolean changed) {
            return changed ? DONE : AGAIN;
        }
    }

    /** Makes one change if one is due. */
    private Step step(Node running) {
        Roster wanted = roster.get();
        if (!wanted.agreed()) {
            return Step.NOTHING;
        }
        boolean late = false;
        List<PeerId> voting = running.listPeers();
        List<PeerId> learning = running.listLearners();
        for (PeerId learner : learning) {
            RaftStatus.@Nullable Member member = member(wanted, learner);
            if (member == null) {
                return Step.of(change(running, without(running, learner)));
            }
            if (!member.learner() && caughtUp(member.id())) {
                return Step.of(
                        change(running, without(running, learner))
                                && change(running, with(running, learner, false)));
            }
            late |= !member.learner();
        }
        for (PeerId voter : voting) {
            if (member(wanted, voter) == null && !voter.equals(MemberName.of(self))) {
                return Step.of(change(running, without(running, voter)));
            }
        }
        for (RaftStatus.Member member : wanted.members()) {
            PeerId name = MemberName.of(member.id());
            if (!voting.contains(name)
                    && !learning.contains(name)
                    && network.connected(member.id(), Lane.CONSENSUS)) {
                return Step.of(change(running, with(running, name, true)));
            }
        }
        return late ? Step.AGAIN : Step.NOTHING;
    }

    private boolean caughtUp(long member) {
        try {
            long reached = progress(member).get(ASK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return reached >= applied.getAsLong() * CAUGHT_UP;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private static RaftStatus.@Nullable Member member(Roster roster, PeerId name) {
        long id = MemberName.memberId(name);
        return roster.members().stream().filter(m -> m.id() == id).findFirst().orElse(null);
    }

    private static Configuration without(Node running, PeerId gone) {
        var voting = running.listPeers();
        voting.remove(gone);
        var learning = new LinkedHashSet<>(running.listLearners());
        learning.remove(gone);
        return new Configuration(voting, learning);
    }

    private static Configuration with(Node running, PeerId added, boolean learner) {
        var configuration =
                new Configuration(running.listPeers(), new LinkedHashSet<>(running.listLearners()));
        if (learner) {
            configuration.addLearner(added);
        } else {
            configuration.addPeer(added);
        }
        return configuration;
    }

    private boolean change(Node running, Configuration next) {
        voters = 0;
        var changed = new CompletableFuture<Status>();
        running.changePeers(next, changed::complete);
        try {
            Status status = changed.get(CHANGE_SECONDS, TimeUnit.SECONDS);
            if (!status.isOk()) {
                LOG.warn(
                        "the log's members cannot be changed yet",
                        "wanted",
                        next,
                        "reason",
                        status.getErrorMsg());
            }
            return status.isOk();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the log's members are not yet changed", "wanted", next);
            return false;
        }
    }

    @Override
    public @Nullable Duration connectedFor(long member) {
        if (member == self) {
            return Duration.ZERO;
        }
        long nanos = network.connectedNanos(member, Lane.CONSENSUS);
        return nanos < 0 ? null : Duration.ofNanos(nanos);
    }

    @Override
    public @Nullable Versions versions(long member) {
        return network.versions(member);
    }

    @Override
    public CompletableFuture<Void> exclude(long member) {
        return onThread(running -> {
            PeerId name = MemberName.of(member);
            boolean there =
                    running.listPeers().contains(name) || running.listLearners().contains(name);
            if (there && !change(running, without(running, name))) {
                throw Failures.timedOut();
            }
        });
    }

    @Override
    public CompletableFuture<Void> settle() {
        return onThread(this::settle);
    }

    private void settle(Node running) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
        try {
            while (leads.getAsBoolean() && System.nanoTime() - until < 0 && !settled(running)) {
                long seen = news.seen();
                switch (step(running)) {
                    case DONE -> {}
                    case AGAIN ->
                            news.awaitNext(
                                    seen, TimeUnit.MILLISECONDS.toNanos(SETTLE_AGAIN_MILLIS));
                    case NOTHING -> news.awaitNext(seen, until - System.nanoTime());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean settled(Node running) {
        List<PeerId> voting = running.listPeers();
        return roster.get().members().stream()
                .filter(member -> !member.learner())
                .allMatch(member -> voting.contains(MemberName.of(member.id())));
    }

    /** What is done on the one thread while this member leads. */
    private interface Change {
        void with(Node running) throws GrpcException;
    }

    private CompletableFuture<Void> onThread(Change change) {
        var done = new CompletableFuture<Void>();
        if (thread.isShutdown()) {
            return CompletableFuture.failedFuture(Failures.stopped());
        }
        thread.execute(() -> {
            Node running = node;
            try {
                if (running == null || !leads.getAsBoolean()) {
                    throw Failures.leaderChanged();
                }
                change.with(running);
                done.complete(null);
            } catch (GrpcException e) {
                done.completeExceptionally(e);
            } catch (IllegalStateException | IllegalArgumentException e) {
                done.completeExceptionally(Failures.leaderChanged());
            } finally {
                // Whether it was done or not, the voters are to be counted anew.
                changed();
            }
        });
        return done;
    }

    @Override
    public CompletableFuture<Void> transfer(long member) {
        Node running = node;
        if (running == null) {
            return CompletableFuture.failedFuture(Failures.stopped());
        }
        var done = new CompletableFuture<Void>();
        Thread.ofVirtual()
                .name("raft-transfer")
                .start(() -> {
                    try {
                        transfer(running, member);
                        done.complete(null);
                    } catch (GrpcException e) {
                        done.completeExceptionally(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        done.completeExceptionally(Failures.stopped());
                    }
                });
        return done;
    }

    /** Asks again while the library is busy with members, or gave up since the heir was late. */
    private void transfer(Node running, long member) throws GrpcException, InterruptedException {
        long until = System.nanoTime() + requestTimeout.toNanos();
        while (leader.getAsLong() != member) {
            if (leads.getAsBoolean()) {
                var _ =
                        handover.to(
                                running,
                                MemberName.of(member),
                                () -> leader.getAsLong() == member,
                                HANDOVER_NANOS);
            }
            if (System.nanoTime() - until > 0) {
                throw new GrpcException(
                        GrpcCode.UNAVAILABLE,
                        "etcdserver: request timed out, leader transfer took too long");
            }
            boolean led = leads.getAsBoolean();
            var _ =
                    news.await(
                            () -> leader.getAsLong() == member || leads.getAsBoolean() != led,
                            TimeUnit.MILLISECONDS.toNanos(TRANSFER_AGAIN_MILLIS));
        }
    }

    @Override
    public CompletableFuture<Long> progress(long member) {
        if (member == self) {
            return CompletableFuture.completedFuture(applied.getAsLong());
        }
        return network.request(member, Lane.FORWARD, PROGRESS, ByteString.EMPTY, ASK_TIMEOUT)
                .thenApply(answer -> answer.payload().asReadOnlyByteBuffer().getLong());
    }

    private static ByteString number(long value) {
        return ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
