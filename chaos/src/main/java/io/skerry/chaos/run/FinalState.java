package io.skerry.chaos.run;

import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.RangeRequest;
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

/** What every member has when all faults are over: it must be the same. */
final class FinalState {
    private static final Duration RECOVERY = Duration.ofMinutes(3);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final long PATIENCE_MILLIS = 20_000;
    private static final long PAUSE_MILLIS = 100;

    private final Clients clients;
    private final Members members;
    private final List<Violation> violations = new ArrayList<>();

    /**
     * @param members of which those are started again that end although nobody ended them
     */
    FinalState(Clients clients, Members members) {
        this.clients = clients;
        this.members = members;
    }

    List<Violation> violations() {
        return violations;
    }

    private interface Question<T> {
        T answer() throws GrpcException, InterruptedException;
    }

    /** Asks again what was not answered: the member may be slow, or have no leader for a moment. */
    private <T> T ask(long deadline, Question<T> question)
            throws GrpcException, IOException, InterruptedException {
        while (true) {
            try {
                return question.answer();
            } catch (GrpcException e) {
                members.reviveDead();
                if (System.nanoTime() > deadline) {
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
                ask(deadline, () -> revision(member));
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
        long revision = ask(deadline, () -> revision(clients.member(0)));
        var first = events(0, revision, deadline);
        var hashes = new HashSet<Integer>();
        for (int i = 0; i < members.count(); i++) {
            int member = i;
            // A read that needs a majority: the member has all up to that revision.
            long own = ask(deadline, () -> revision(clients.member(member)));
            if (i > 0 && !events(i, revision, deadline).equals(first)) {
                violations.add(
                        new Violation(
                                "equal members",
                                "m" + i + " tells another history than m0 up to " + revision,
                                List.of("m" + i + " is at revision " + own)));
            }
            hashes.add(ask(deadline, () -> hash(member, revision)));
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
    private List<Event> events(int member, long revision, long deadline)
            throws IOException, InterruptedException {
        var all = new ArrayList<Event>();
        long next = 1;
        while (next <= revision) {
            try (var stream = new WatchStream(clients.member(member), "", next)) {
                do {
                    stream.askForProgress();
                } while (stream.take(PATIENCE_MILLIS) && stream.next() <= revision);
                for (WatchLog.Response response : stream.responses()) {
                    response.events().stream()
                            .filter(e -> e.revision() <= revision)
                            .forEach(all::add);
                }
                next = stream.next();
            }
            if (next <= revision) {
                if (System.nanoTime() > deadline) {
                    violations.add(
                            new Violation(
                                    "reliable watch",
                                    "m"
                                            + member
                                            + " stopped to tell its history before revision "
                                            + next,
                                    List.of()));
                    break;
                }
                members.reviveDead();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
        return all;
    }
}
