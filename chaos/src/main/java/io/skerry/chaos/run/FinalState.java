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

    private final Clients clients;
    private final int members;
    private final List<Violation> violations = new ArrayList<>();

    FinalState(Clients clients, int members) {
        this.clients = clients;
        this.members = members;
    }

    List<Violation> violations() {
        return violations;
    }

    /**
     * Waits until every member answers a read that needs a majority; false if one never does.
     *
     * @param members of which those are started again that end although nobody ended them
     */
    boolean awaitRecovery(Members members) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        for (int i = 0; i < members.count(); i++) {
            String last = "";
            while (last != null) {
                try {
                    revision(clients.member(i));
                    last = null;
                } catch (GrpcException e) {
                    last = e.getMessage();
                    members.reviveDead();
                    if (System.nanoTime() > deadline) {
                        violations.add(
                                new Violation(
                                        "recovery",
                                        "m"
                                                + i
                                                + " does not serve "
                                                + RECOVERY.toSeconds()
                                                + " s after the last fault: "
                                                + last,
                                        List.of()));
                        return false;
                    }
                    TimeUnit.MILLISECONDS.sleep(100);
                }
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
    List<Event> truth() throws GrpcException, InterruptedException {
        long revision = revision(clients.member(0));
        var first = events(0, revision);
        var hashes = new HashSet<Integer>();
        for (int i = 0; i < members; i++) {
            // A read that needs a majority: the member has all up to that revision.
            long own = revision(clients.member(i));
            if (i > 0 && !events(i, revision).equals(first)) {
                violations.add(
                        new Violation(
                                "equal members",
                                "m" + i + " tells another history than m0 up to " + revision,
                                List.of("m" + i + " is at revision " + own)));
            }
            hashes.add(hash(i, revision));
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

    private List<Event> events(int member, long revision) throws InterruptedException {
        var all = new ArrayList<Event>();
        if (revision <= 1) {
            return all;
        }
        try (var stream = new WatchStream(clients.member(member), "", 1)) {
            while (stream.next() <= revision) {
                stream.askForProgress();
                if (!stream.take(PATIENCE_MILLIS)) {
                    violations.add(
                            new Violation(
                                    "reliable watch",
                                    "m"
                                            + member
                                            + " stopped to tell its history before revision "
                                            + stream.next(),
                                    List.of()));
                    break;
                }
            }
            for (WatchLog.Response response : stream.responses()) {
                response.events().stream().filter(e -> e.revision() <= revision).forEach(all::add);
            }
        }
        return all;
    }
}
