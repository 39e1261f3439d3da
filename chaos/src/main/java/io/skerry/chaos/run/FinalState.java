package io.skerry.chaos.run;

import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.grpc.GrpcTransport;
import io.skerry.chaos.check.Violation;
import io.skerry.chaos.cluster.Members;
import io.skerry.chaos.history.Event;
import io.skerry.chaos.history.WatchLog;
import io.skerry.chaos.workload.Clients;
import io.skerry.chaos.workload.WatchStream;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What every member has when all faults are over: it must be the same. */
final class FinalState {
    private static final Duration RECOVERY = Duration.ofMinutes(3);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final long PATIENCE_MILLIS = 5_000;

    /**
     * A watch hangs that says nothing while its member answers so many calls, one after each time
     * of patience: this machine itself may stand still, which counts once at most.
     */
    private static final int ANSWERS_IN_SILENCE = 12;

    private static final long PAUSE_MILLIS = 100;

    private final Clients clients;
    private final Members members;
    private final long patienceMillis;
    private final List<Violation> violations = new ArrayList<>();

    /**
     * @param members of which those are started again that end although nobody ended them
     */
    FinalState(Clients clients, Members members) {
        this(clients, members, PATIENCE_MILLIS);
    }

    FinalState(Clients clients, Members members, long patienceMillis) {
        this.clients = clients;
        this.members = members;
        this.patienceMillis = patienceMillis;
    }

    List<Violation> violations() {
        return violations;
    }

    private interface Question<T> {
        T answer() throws GrpcException, InterruptedException;
    }

    /**
     * The member may be slow, be starting, or have no leader for a moment, for which the store has
     * these codes; any other is an answer.
     */
    private static boolean notNow(GrpcException failure) {
        return failure.code() == GrpcCode.UNAVAILABLE
                || failure.code() == GrpcCode.DEADLINE_EXCEEDED;
    }

    /**
     * @param again whether to ask again after a failure
     */
    private <T> T ask(long deadline, Predicate<GrpcException> again, Question<T> question)
            throws GrpcException, IOException, InterruptedException {
        while (true) {
            try {
                return question.answer();
            } catch (GrpcException e) {
                members.reviveDead();
                if (!again.test(e) || System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    private static long deadline() {
        return System.nanoTime() + RECOVERY.toNanos();
    }

    /** Waits until every member answers a read that needs a majority; false if one never does. */
    boolean awaitRecovery() throws IOException, InterruptedException {
        long deadline = deadline();
        for (int i = 0; i < members.count(); i++) {
            GrpcTransport member = clients.member(i);
            try {
                ask(deadline, _ -> true, () -> revision(member));
            } catch (GrpcException e) {
                violations.add(
                        new Violation(
                                "recovery",
                                "m"
                                        + i
                                        + " does not serve "
                                        + RECOVERY.toSeconds()
                                        + " s after the last fault: "
                                        + e.getMessage(),
                                List.of()));
                return false;
            }
        }
        return true;
    }

    private static long revision(GrpcTransport member) throws GrpcException, InterruptedException {
        var nothing =
                RangeRequest.newBuilder()
                        .setKey(com.google.protobuf.ByteString.copyFromUtf8("none"))
                        .build();
        try {
            return member.unary(EtcdMethods.RANGE, nothing, ANSWER).get().getHeader().getRevision();
        } catch (ExecutionException e) {
            throw GrpcException.from(e);
        }
    }

    /** Every event of the store, which all members must tell alike, hashes included. */
    List<Event> truth() throws GrpcException, IOException, InterruptedException {
        long deadline = deadline();
        long revision = ask(deadline, FinalState::notNow, () -> revision(clients.member(0)));
        var first = events(0, revision, deadline);
        var hashes = new HashSet<Integer>();
        for (int i = 0; i < members.count(); i++) {
            int member = i;
            // A read that needs a majority: the member has all up to that revision.
            long own = ask(deadline, FinalState::notNow, () -> revision(clients.member(member)));
            if (i > 0 && !events(i, revision, deadline).equals(first)) {
                violations.add(
                        new Violation(
                                "equal members",
                                "m" + i + " tells another history than m0 up to " + revision,
                                List.of("m" + i + " is at revision " + own)));
            }
            hashes.add(ask(deadline, FinalState::notNow, () -> hash(member, revision)));
        }
        if (hashes.size() > 1) {
            violations.add(
                    new Violation(
                            "equal members",
                            "the hashes of the members differ at revision " + revision,
                            List.of(hashes.toString())));
        }
        return first;
    }

    private int hash(int member, long revision) throws GrpcException, InterruptedException {
        try {
            return clients.member(member)
                    .unary(
                            EtcdMethods.HASH_KV,
                            HashKVRequest.newBuilder().setRevision(revision).build(),
                            ANSWER.multipliedBy(5))
                    .get()
                    .getHash();
        } catch (ExecutionException e) {
            throw GrpcException.from(e);
        }
    }

    /** Watches from the beginning, on by another stream where one ends. */
    private List<Event> events(int number, long revision, long deadline)
            throws IOException, InterruptedException {
        GrpcTransport member = clients.member(number);
        var all = new ArrayList<Event>();
        long next = 1;
        boolean goesOn = true;
        while (next <= revision && goesOn) {
            try (var stream = new WatchStream(member, "", next)) {
                goesOn = follow(stream, member, revision, deadline);
                for (WatchLog.Response response : stream.responses()) {
                    response.events().stream()
                            .filter(e -> e.revision() <= revision)
                            .forEach(all::add);
                }
                next = stream.next();
            }
            if (next <= revision && goesOn) {
                members.reviveDead();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
        if (next <= revision) {
            violations.add(
                    new Violation(
                            "reliable watch",
                            "m" + number + " stopped to tell its history before revision " + next,
                            List.of()));
        }
        return all;
    }

    /**
     * Takes what a stream tells until it is over, or has told all up to a revision; false if it
     * hangs, or the time is over.
     */
    private boolean follow(WatchStream stream, GrpcTransport member, long revision, long deadline)
            throws InterruptedException {
        int answers = 0;
        while (stream.next() <= revision && !stream.over()) {
            if (answers == ANSWERS_IN_SILENCE || System.nanoTime() > deadline) {
                return false;
            }
            stream.askForProgress();
            if (stream.take(patienceMillis)) {
                answers = 0;
            } else if (!stream.over() && answers(member)) {
                answers++;
            }
        }
        return true;
    }

    private static boolean answers(GrpcTransport member) throws InterruptedException {
        try {
            revision(member);
            return true;
        } catch (GrpcException e) {
            return false;
        }
    }
}
