package io.skerry.chaos.fault;

import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.Member;
import io.etcd.jetcd.api.MemberAddRequest;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.MemberPromoteRequest;
import io.etcd.jetcd.api.MemberRemoveRequest;
import io.skerry.base.grpc.GrpcTransport;
import io.skerry.chaos.cluster.Members;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Removes members from the cluster and adds new ones in their place, one at a time, each on a
 * thread of its own that repeats every step until it was carried out: whatever else goes wrong
 * meanwhile. A member's disk is wiped only once the cluster has said that it is none any more.
 */
public final class Replacements {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(4);
    private static final long PAUSE_MILLIS = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /**
     * Linearizable, which is field 1 and is not in the published classes: a member that lags could
     * still show the list without one that was added since, whose disk would be wiped for that.
     */
    private static final MemberListRequest LIST =
            MemberListRequest.newBuilder()
                    .setUnknownFields(
                            UnknownFieldSet.newBuilder()
                                    .addField(
                                            1,
                                            UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                                    .build())
                    .build();

    private final Members members;
    private final IntFunction<GrpcTransport> transports;
    private final List<String> done = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private @Nullable Thread running;

    /**
     * None yet.
     *
     * @param transports to the members by their numbers
     */
    public Replacements(Members members, IntFunction<GrpcTransport> transports) {
        this.members = members;
        this.transports = transports;
    }

    /** What has to be done between two looks at what goes on. */
    interface Meanwhile {
        void run() throws IOException;
    }

    /** Begins with a member unless another is being replaced. */
    void begin(int member, boolean learner) {
        if (running != null && running.isAlive()) {
            return;
        }
        running =
                Thread.ofVirtual()
                        .name("replacement " + member)
                        .start(() -> replaceOrTell(member, learner));
    }

    private void replaceOrTell(int member, boolean learner) {
        try {
            replace(member, learner);
            synchronized (this) {
                done.add("m" + member + (learner ? " by way of a learner" : ""));
            }
        } catch (InterruptedException e) {
            failed("m" + member + " was not replaced within " + PATIENCE.toSeconds() + " s");
        } catch (IOException e) {
            failed("m" + member + " was not replaced: " + e.getMessage());
        }
    }

    private synchronized void failed(String how) {
        failures.add(how);
    }

    /** Waits for the one that goes on. */
    void await(Meanwhile meanwhile) throws IOException, InterruptedException {
        Thread last = running;
        if (last == null) {
            return;
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!last.join(Duration.ofMillis(PAUSE_MILLIS))) {
            meanwhile.run();
            if (System.nanoTime() > deadline) {
                last.interrupt();
            }
        }
    }

    /** The members that were replaced. */
    public synchronized List<String> done() {
        return List.copyOf(done);
    }

    /** The members that could not be replaced although everything was well again. */
    public synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    private void replace(int member, boolean learner) throws IOException, InterruptedException {
        String url = members.peerUrl(member);
        members.leaving(member);
        until(
                member,
                at -> {
                    Optional<Member> found = find(at, url);
                    if (found.isPresent()) {
                        var request =
                                MemberRemoveRequest.newBuilder().setID(found.get().getID()).build();
                        at.unary(EtcdMethods.MEMBER_REMOVE, request, ANSWER_LIMIT).get();
                    }
                    return found.isEmpty();
                });
        members.removed(member);
        until(
                member,
                at -> {
                    boolean there = find(at, url).isPresent();
                    if (!there) {
                        var request =
                                MemberAddRequest.newBuilder()
                                        .addPeerURLs(url)
                                        .setIsLearner(learner)
                                        .build();
                        at.unary(EtcdMethods.MEMBER_ADD, request, ANSWER_LIMIT).get();
                    }
                    return there;
                });
        members.added(member);
        members.start(member);
        until(
                member,
                at -> {
                    Optional<Member> found = find(at, url);
                    if (found.isPresent() && found.get().getIsLearner()) {
                        var request =
                                MemberPromoteRequest.newBuilder()
                                        .setID(found.get().getID())
                                        .build();
                        at.unary(EtcdMethods.MEMBER_PROMOTE, request, ANSWER_LIMIT).get();
                    }
                    // The name is told by the member itself: without one it has not joined yet, and
                    // would not if the others changed before it has their list.
                    return found.isPresent()
                            && !found.get().getIsLearner()
                            && !found.get().getName().isEmpty();
                });
    }

    private interface Step {
        /** Whether it was carried out before. */
        boolean carriedOut(GrpcTransport at) throws ExecutionException, InterruptedException;
    }

    /** Asks one member after another, but not the one that is replaced. */
    private void until(int replaced, Step step) throws InterruptedException {
        for (int i = replaced + 1; ; i++) {
            int asked = i % members.count();
            if (asked == replaced) {
                continue;
            }
            try {
                if (step.carriedOut(transports.apply(asked))) {
                    return;
                }
            } catch (ExecutionException e) {
                // Refused, unanswered, or nobody there: whether it was done shows the list.
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private static Optional<Member> find(GrpcTransport at, String peerUrl)
            throws ExecutionException, InterruptedException {
        var list = at.unary(EtcdMethods.MEMBER_LIST, LIST, ANSWER_LIMIT).get();
        return list.getMembersList().stream()
                .filter(member -> member.getPeerURLsList().contains(peerUrl))
                .findFirst();
    }
}
