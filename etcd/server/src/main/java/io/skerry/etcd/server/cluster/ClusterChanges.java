package io.skerry.etcd.server.cluster;

import com.google.protobuf.ByteString;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.http.ListenUrl;
import io.skerry.etcd.server.consensus.CommandResult;
import io.skerry.etcd.server.consensus.Quorum;
import io.skerry.etcd.server.consensus.RaftStatus.Member;
import io.skerry.etcd.server.consensus.ReplicatedLog;
import io.skerry.etcd.server.membership.MemberChange;
import io.skerry.etcd.server.membership.MemberIds;
import io.skerry.etcd.server.membership.MemberList;
import io.skerry.etcd.server.membership.MemberRefusal;
import io.skerry.etcd.server.store.Command;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Adds, removes, changes and promotes members. Asked on any member; the leader's checks and carries
 * out one change at a time. Thread-safe; futures fail with {@link GrpcException} in etcd's words.
 */
public final class ClusterChanges implements AutoCloseable {
    private static final String SERVICE = "members";
    private static final long STEP_SECONDS = 15;
    private static final long RETRY_MILLIS = 50;

    /** Share of the leader's log that a learner must have to be promoted. */
    private static final double IN_SYNC = 0.9;

    private final ReplicatedLog log;
    private final Quorum quorum;
    private final Supplier<MemberList> members;
    private final boolean strict;
    private final int maxLearners;
    private final Duration patience;
    private final InstantSource clock;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("member-changes").factory());

    /**
     * @param members who belongs to the cluster, as far as this member has applied the log
     * @param strict whether changes that would endanger the quorum are refused
     * @param maxLearners how many learners the cluster may have while this member leads
     * @param patience how long a change may wait for a leader
     */
    public ClusterChanges(
            ReplicatedLog log,
            Quorum quorum,
            Supplier<MemberList> members,
            boolean strict,
            int maxLearners,
            Duration patience,
            InstantSource clock) {
        this.log = log;
        this.quorum = quorum;
        this.members = members;
        this.strict = strict;
        this.maxLearners = maxLearners;
        this.patience = patience;
        this.clock = clock;
        log.onAsk(SERVICE, this::lead);
    }

    /**
     * A member that was added, and the list with it.
     *
     * @param member not started yet, hence without a name
     */
    public record Added(Member member, MemberList members) {}

    /** Adds a member that has not been started; ids are made from its URLs and the time. */
    public CompletableFuture<Added> add(List<String> peerUrls, boolean learner) {
        if (!valid(peerUrls)) {
            return CompletableFuture.failedFuture(MemberRefusal.BAD_URLS.exception());
        }
        List<String> sorted = peerUrls.stream().sorted().toList();
        long id = MemberIds.added(sorted, clock.instant().getEpochSecond());
        var member = new Member(id, "", sorted, List.of(), learner);
        return change(new MemberChange.Add(member)).thenApply(list -> new Added(member, list));
    }

    /** Removes a member for ever; it ends as soon as it hears of it. */
    public CompletableFuture<MemberList> remove(long id) {
        return change(new MemberChange.Remove(id));
    }

    /** Tells where peers find a member from now on. */
    public CompletableFuture<MemberList> update(long id, List<String> peerUrls) {
        if (!valid(peerUrls)) {
            return CompletableFuture.failedFuture(MemberRefusal.BAD_URLS.exception());
        }
        return change(new MemberChange.Update(id, peerUrls.stream().sorted().toList()));
    }

    /** Makes a learner that has the log a voter. */
    public CompletableFuture<MemberList> promote(long id) {
        return change(new MemberChange.Promote(id));
    }

    /** Sets the version to which members are to be taken back; 0 calls it off. */
    public CompletableFuture<MemberList> downgrade(int target) {
        return change(new MemberChange.Downgrade(target));
    }

    /**
     * Who belongs to the cluster.
     *
     * @param linearizable false for what this member knows
     */
    public CompletableFuture<MemberList> list(boolean linearizable) {
        return linearizable
                ? log.readIndex().thenApply(_ -> members.get())
                : CompletableFuture.completedFuture(members.get());
    }

    /** Hands leadership to a voter; this member must lead. */
    public CompletableFuture<Void> moveLeader(long target) {
        if (!log.status().leader()) {
            return CompletableFuture.failedFuture(MemberRefusal.NOT_LEADER.exception());
        }
        Member heir = members.get().find(target);
        if (heir == null || heir.learner()) {
            return CompletableFuture.failedFuture(MemberRefusal.BAD_TRANSFEREE.exception());
        }
        return quorum.transfer(target);
    }

    private static boolean valid(List<String> peerUrls) {
        try {
            return !peerUrls.isEmpty()
                    && peerUrls.stream().distinct().count() == peerUrls.size()
                    && peerUrls.stream()
                            .allMatch(url -> ListenUrl.parse(url) instanceof ListenUrl.Tcp);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private CompletableFuture<MemberList> change(MemberChange change) {
        return ask(change, false, System.nanoTime() + patience.toNanos());
    }

    /** Asks the leader, and again while there is none. */
    private CompletableFuture<MemberList> ask(
            MemberChange change, boolean again, long deadlineNanos) {
        return log.askLeader(SERVICE, change.encode())
                .thenCompose(ClusterChanges::decoded)
                .exceptionallyCompose(failure -> {
                    GrpcException cause = GrpcException.from(failure);
                    if (leaderless(cause) && System.nanoTime() - deadlineNanos < 0) {
                        return askLater(change, deadlineNanos);
                    }
                    return again
                            ? unlessDone(change, cause)
                            : CompletableFuture.failedFuture(cause);
                });
    }

    private CompletableFuture<MemberList> askLater(MemberChange change, long deadlineNanos) {
        return new CompletableFuture<@Nullable Void>()
                .completeOnTimeout(null, RETRY_MILLIS, TimeUnit.MILLISECONDS)
                .thenComposeAsync(_ -> ask(change, true, deadlineNanos));
    }

    private static boolean leaderless(GrpcException failure) {
        return failure.neverSent()
                || "etcdserver: no leader".equals(failure.getMessage())
                || "etcdserver: leader changed".equals(failure.getMessage());
    }

    /** What a leader refuses may be done already by one that failed before it could say so. */
    private CompletableFuture<MemberList> unlessDone(MemberChange change, GrpcException refusal) {
        if (refusal.code() == GrpcCode.UNAVAILABLE) {
            return CompletableFuture.failedFuture(refusal);
        }
        return list(true)
                .thenCompose(list -> {
                    boolean done =
                            switch (change) {
                                case MemberChange.Add(var member) ->
                                        member.equals(list.find(member.id()));
                                case MemberChange.Remove(long id) -> list.removed().contains(id);
                                case MemberChange.Promote(long id) ->
                                        list.voters().stream().anyMatch(m -> m.id() == id);
                                default -> false;
                            };
                    return done
                            ? CompletableFuture.completedFuture(list)
                            : CompletableFuture.failedFuture(refusal);
                });
    }

    private static CompletableFuture<MemberList> decoded(ByteString bytes) {
        try {
            return CompletableFuture.completedFuture(MemberList.decode(bytes));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new GrpcException(GrpcCode.INTERNAL, "etcdserver: " + e.getMessage()));
        }
    }

    private CompletableFuture<ByteString> lead(ByteString request) {
        var answer = new CompletableFuture<ByteString>();
        try {
            MemberChange change = MemberChange.decode(request);
            thread.execute(() -> {
                try {
                    answer.complete(carryOut(change));
                } catch (GrpcException e) {
                    answer.completeExceptionally(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    answer.completeExceptionally(
                            new GrpcException(GrpcCode.UNAVAILABLE, "etcdserver: server stopped"));
                }
            });
        } catch (IOException e) {
            answer.completeExceptionally(
                    new GrpcException(GrpcCode.INVALID_ARGUMENT, "etcdserver: " + e.getMessage()));
        }
        return answer;
    }

    private ByteString carryOut(MemberChange change) throws GrpcException, InterruptedException {
        MemberList now = members.get();
        long self = log.status().memberId();
        var safety = new Safety(now, self, quorum::connectedFor);
        // In etcd's order: whoever adds to a cluster that is not well is told of that first.
        if (strict && change instanceof MemberChange.Add(var added)) {
            safety.requireAdd(added.learner());
        }
        // What is refused anyhow is refused before anything is done for it.
        MemberList _ = now.after(change);
        return switch (change) {
            case MemberChange.Add(var member) -> {
                if (member.learner()) {
                    now.requireFewerLearnersThan(maxLearners);
                }
                yield propose(change);
            }
            case MemberChange.Remove(long id) -> {
                if (strict) {
                    safety.requireRemove(required(now, id));
                }
                yield remove(now, id, self);
            }
            case MemberChange.Promote(long id) -> {
                requireInSync(id);
                if (strict) {
                    safety.requirePromote();
                }
                ByteString done = propose(change);
                await(quorum.settle());
                yield done;
            }
            case MemberChange.Update _, MemberChange.Downgrade _ -> propose(change);
            default ->
                    throw new GrpcException(
                            GrpcCode.INVALID_ARGUMENT, "etcdserver: no change for the leader");
        };
    }

    /** A leader does not remove itself: it lets its heir do that. */
    private ByteString remove(MemberList now, long id, long self)
            throws GrpcException, InterruptedException {
        if (id == self) {
            Member heir =
                    now.voters().stream()
                            .filter(member -> member.id() != self && member.started())
                            .filter(member -> quorum.connectedFor(member.id()) != null)
                            .max(Comparator.comparing(m -> connected(m.id())))
                            .orElseThrow(MemberRefusal.NOT_ENOUGH_STARTED::exception);
            await(quorum.transfer(heir.id()));
            throw new GrpcException(GrpcCode.UNAVAILABLE, "etcdserver: leader changed");
        }
        await(quorum.exclude(id));
        return propose(new MemberChange.Remove(id));
    }

    private Duration connected(long id) {
        Duration connected = quorum.connectedFor(id);
        return connected == null ? Duration.ZERO : connected;
    }

    private void requireInSync(long id) throws GrpcException, InterruptedException {
        long reached;
        try {
            reached = await(quorum.progress(id));
        } catch (GrpcException e) {
            throw MemberRefusal.LEARNER_NOT_READY.exception();
        }
        if (reached < log.status().committedIndex() * IN_SYNC) {
            throw MemberRefusal.LEARNER_NOT_READY.exception();
        }
    }

    private static Member required(MemberList list, long id) throws GrpcException {
        Member member = list.find(id);
        if (member == null) {
            throw MemberRefusal.NOT_FOUND.exception();
        }
        return member;
    }

    private ByteString propose(MemberChange change) throws GrpcException, InterruptedException {
        CommandResult result = await(log.propose(new Command.Members(change).encode()));
        if (result.code() != GrpcCode.OK) {
            throw new GrpcException(result.code(), result.message());
        }
        return result.response();
    }

    private static <T> T await(CompletableFuture<T> future)
            throws GrpcException, InterruptedException {
        try {
            return future.get(STEP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw GrpcException.from(e);
        } catch (TimeoutException e) {
            throw new GrpcException(GrpcCode.UNAVAILABLE, "etcdserver: request timed out");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
