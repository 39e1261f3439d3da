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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final long LOOK_MILLIS = 200;
    private static final long CHANGE_SECONDS = 10;
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);
    private static final long SETTLE_MILLIS = 3000;
    private static final long HANDOVER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How far behind the leader a member may be that is to vote. */
    private static final double CAUGHT_UP = 0.9;

    private final long self;
    private final PeerNetwork network;
    private final Handover handover;
    private final Supplier<Roster> roster;
    private final BooleanSupplier leads;
    private final LongSupplier leader;
    private final LongSupplier applied;
    private final Duration requestTimeout;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("raft-members").factory());

    private volatile @Nullable Node node;

    /** How many vote; 0 if that is not known or about to change. */
    private volatile int voters;

    Reconfiguration(
            long self,
            PeerNetwork network,
            Handover handover,
            Supplier<Roster> roster,
            BooleanSupplier leads,
            LongSupplier leader,
            LongSupplier applied,
            Duration requestTimeout) {
        this.self = self;
        this.network = network;
        this.handover = handover;
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
        var _ =
                thread.scheduleWithFixedDelay(
                        this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Another term has begun. */
    void led() {
        voters = 0;
        if (!thread.isShutdown() && node != null) {
            thread.execute(this::look);
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
        Node running = node;
        if (running == null || !leads.getAsBoolean()) {
            voters = 0;
            return;
        }
        try {
            while (leads.getAsBoolean() && step(running)) {
                LOG.debug("one change of the log's members is done");
            }
            voters = running.listPeers().size();
        } catch (IllegalStateException | IllegalArgumentException e) {
            // It leads no longer, or is being stopped.
            voters = 0;
        }
    }

    /** Makes one change if one is due; false if there is none to be made now. */
    private boolean step(Node running) {
        Roster wanted = roster.get();
        if (!wanted.agreed()) {
            return false;
        }
        List<PeerId> voting = running.listPeers();
        List<PeerId> learning = running.listLearners();
        for (PeerId learner : learning) {
            RaftStatus.@Nullable Member member = member(wanted, learner);
            if (member == null) {
                return change(running, without(running, learner));
            }
            if (!member.learner() && caughtUp(member.id())) {
                return change(running, without(running, learner))
                        && change(running, with(running, learner, false));
            }
        }
        for (PeerId voter : voting) {
            if (member(wanted, voter) == null && !voter.equals(MemberName.of(self))) {
                return change(running, without(running, voter));
            }
        }
        for (RaftStatus.Member member : wanted.members()) {
            PeerId name = MemberName.of(member.id());
            if (!voting.contains(name)
                    && !learning.contains(name)
                    && network.connected(member.id(), Lane.CONSENSUS)) {
                return change(running, with(running, name, true));
            }
        }
        return false;
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
                if (!step(running)) {
                    Thread.sleep(50);
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
            Thread.sleep(20);
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
