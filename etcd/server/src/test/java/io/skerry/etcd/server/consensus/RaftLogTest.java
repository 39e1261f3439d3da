package io.skerry.etcd.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.skerry.base.file.FileTree;
import io.skerry.base.grpc.GrpcCode;
import io.skerry.base.grpc.GrpcException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RaftLogTest {
    private static final AtomicLong CLUSTERS = new AtomicLong(0x5eed);

    private static final int TRIES = 4;

    @TempDir Path directory;

    private LedgerCluster cluster(int members, long snapshotCount) throws IOException {
        return new LedgerCluster(
                directory, CLUSTERS.incrementAndGet(), members, null, snapshotCount);
    }

    @Test
    void soleMemberAppliesInOrderAndRemembersAfterRestart() throws Exception {
        try (var cluster = cluster(1, 100_000).startAll()) {
            assertThat(cluster.leader()).isEqualTo(1);
            for (int i = 1; i <= 50; i++) {
                assertThat(cluster.put(1, "e" + i)).isEqualTo(i);
            }
            cluster.stop(1);
            cluster.start(1);
            cluster.leader();
            assertThat(cluster.put(1, "e51")).isEqualTo(51);
            assertThat(cluster.machine(1).entries()).hasSize(51).startsWith("e1", "e2");
        }
    }

    @Test
    void manyProposalsTravelTogether() throws Exception {
        try (var cluster = cluster(1, 100_000).startAll()) {
            cluster.leader();
            long before = cluster.log(1).status().appliedIndex();
            var futures = new ArrayList<CompletableFuture<CommandResult>>();
            // Nothing is applied, and so nothing done, until all are there.
            synchronized (cluster.machine(1)) {
                for (int i = 0; i < 5000; i++) {
                    futures.add(cluster.log(1).propose(ByteString.copyFromUtf8("e" + i)));
                }
            }
            CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                    .get(60, TimeUnit.SECONDS);
            assertThat(cluster.log(1).status().appliedIndex() - before).isLessThan(10);
            assertThat(cluster.machine(1).entries()).hasSize(5000).doesNotHaveDuplicates();
        }
    }

    @Test
    void refusalsOfTheMachineReachTheProposer() throws Exception {
        try (var cluster = cluster(1, 100_000).startAll()) {
            cluster.leader();
            CommandResult result =
                    cluster.log(1)
                            .propose(ByteString.copyFromUtf8("refuse"))
                            .get(60, TimeUnit.SECONDS);
            assertThat(result.code()).isEqualTo(GrpcCode.NOT_FOUND);
            assertThat(result.message()).isEqualTo("etcdserver: refused");
        }
    }

    @Test
    void everyMemberTakesProposalsAndSeesThemAppliedBeforeItAnswers() throws Exception {
        try (var cluster = cluster(3, 100_000).startAll()) {
            cluster.leader();
            for (int i = 0; i < 60; i++) {
                long id = 1L + i % 3;
                long position = cluster.put(id, "e" + i);
                assertThat(position).isEqualTo(i + 1L);
                assertThat(cluster.machine(id).entries()).hasSize(i + 1);
            }
            cluster.awaitEqualLedgers();
            // Otherwise each entry would wake a thread for each follower.
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .anyMatch(name -> name.startsWith(LibraryThreads.ENTERING));
        }
    }

    @Test
    void readsSeeWhatWasAcknowledgedElsewhere() throws Exception {
        try (var cluster = cluster(3, 100_000).startAll()) {
            cluster.leader();
            var random = new Random(7);
            for (int i = 1; i <= 100; i++) {
                cluster.put(1L + random.nextInt(3), "e" + i);
                long reader = 1L + random.nextInt(3);
                cluster.log(reader).readIndex().get(60, TimeUnit.SECONDS);
                assertThat(cluster.machine(reader).entries()).hasSize(i);
            }
        }
    }

    @Test
    void asksReachTheLeaderFromEveryMember() throws Exception {
        try (var cluster = cluster(3, 100_000).startAll()) {
            for (long id : cluster.ids()) {
                cluster.log(id)
                        .onAsk(
                                "echo",
                                request ->
                                        CompletableFuture.completedFuture(
                                                request.concat(
                                                        ByteString.copyFromUtf8(" by " + id))));
                cluster.log(id)
                        .onAsk(
                                "fail",
                                request ->
                                        CompletableFuture.failedFuture(
                                                new GrpcException(
                                                        GrpcCode.NOT_FOUND, "etcdserver: lost")));
            }
            for (long id : cluster.ids()) {
                assertThat(answer(cluster, id, "echo")).isEqualTo("hello by the leader");
                assertThat(answer(cluster, id, "fail")).isEqualTo("etcdserver: lost");
            }
        }
    }

    /**
     * What the leader says, or why it fails; asked again if it was not reached or an election came
     * between.
     */
    private static String answer(LedgerCluster cluster, long member, String service)
            throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            long leader = cluster.leader();
            long term = cluster.log(leader).status().term();
            String answer;
            boolean reached = true;
            try {
                answer =
                        cluster.log(member)
                                .askLeader(service, ByteString.copyFromUtf8("hello"))
                                .get(60, TimeUnit.SECONDS)
                                .toStringUtf8();
            } catch (ExecutionException e) {
                GrpcException failure = GrpcException.from(e);
                answer = String.valueOf(failure.getMessage());
                reached = !failure.neverSent();
            }
            cluster.leader();
            boolean ruled = cluster.log(leader).status().term() == term;
            if ((ruled && reached) || System.nanoTime() - until > 0) {
                return answer.replace("by " + leader, "by the leader");
            }
        }
    }

    @Test
    void anotherMemberLeadsAfterTheLeaderStopped() throws Exception {
        try (var cluster = cluster(3, 100_000).startAll()) {
            long first = cluster.leader();
            cluster.put(first, "e1");
            cluster.stop(first);
            long second = cluster.leader();
            assertThat(second).isNotEqualTo(first);
            assertThat(cluster.put(second, "e2")).isEqualTo(2);
            cluster.start(first);
            assertThat(cluster.put(first, "e3")).isEqualTo(3);
            cluster.awaitEqualLedgers();
        }
    }

    @Test
    void withoutMajorityNothingIsAcknowledged() throws Exception {
        try (var cluster = cluster(3, 100_000).startAll()) {
            long leader = cluster.leader();
            cluster.put(leader, "e1");
            List<Long> others = cluster.ids().stream().filter(id -> id != leader).toList();
            others.forEach(cluster::stop);
            assertThatThrownBy(() -> cluster.propose(leader, "e2"))
                    .rootCause()
                    .isInstanceOf(GrpcException.class)
                    .hasMessageContaining("etcdserver: ");
            assertThatThrownBy(() -> cluster.log(leader).readIndex().get(60, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessageContaining("etcdserver: ");
            assertThat(cluster.log(leader).readsFailed()).isEqualTo(1);
            cluster.start(others.getFirst());
            LedgerCluster.await(
                    "a leader again",
                    Duration.ofSeconds(60),
                    () -> cluster.log(leader).status().leaderId() != 0);
            cluster.put(leader, "e3");
            assertThat(cluster.machine(leader).entries()).contains("e1", "e3");
        }
    }

    @Test
    void followerBehindATruncatedLogFetchesTheState() throws Exception {
        try (var cluster = cluster(3, 40).startAll()) {
            long leader = cluster.leader();
            long behind =
                    cluster.ids().stream().filter(id -> id != leader).findFirst().orElseThrow();
            cluster.put(leader, "e1");
            cluster.stop(behind);
            long writer = cluster.leader();
            for (int i = 2; i <= 300; i++) {
                cluster.put(writer, "e" + i);
            }
            cluster.start(behind);
            LedgerCluster.await(
                    "the follower to catch up",
                    Duration.ofSeconds(60),
                    () -> cluster.machine(behind).entries().size() == 300);
            assertThat(cluster.put(behind, "e301")).isEqualTo(301);
            cluster.awaitEqualLedgers();
            cluster.stop(behind);
            cluster.start(behind);
            assertThat(cluster.put(behind, "e302")).isEqualTo(302);
        }
    }

    @Test
    void strangersOnThePeersPortDoNoHarm() throws Exception {
        try (var cluster = cluster(3, 100_000).startAll()) {
            var disturbed = new ArrayList<String>();
            // A machine that stands still for an election timeout changes the leader, too; harmful
            // strangers would each time.
            while (disturbed.size() < TRIES) {
                long leader = cluster.leader();
                RaftStatus before = cluster.log(leader).status();
                sendGarbage(cluster, leader);
                cluster.put(leader, "e" + disturbed.size());
                cluster.leader();
                RaftStatus after = cluster.log(leader).status();
                if (after.leaderId() == leader && after.term() == before.term()) {
                    return;
                }
                disturbed.add(before + " became " + after);
            }
            throw new AssertionError("strangers changed the leader each time: " + disturbed);
        }
    }

    private static void sendGarbage(LedgerCluster cluster, long leader) throws IOException {
        var random = new Random(11);
        for (int i = 0; i < 50; i++) {
            var address = Objects.requireNonNull(cluster.listen.get(leader));
            try (var socket = new Socket(address.getAddress(), address.getPort())) {
                OutputStream out = socket.getOutputStream();
                byte[] garbage = new byte[random.nextInt(1, 5000)];
                random.nextBytes(garbage);
                try {
                    out.write(garbage);
                    out.flush();
                } catch (IOException e) {
                    // It has been cut off, as it should be.
                    assertThat(e).isNotNull();
                }
            }
        }
    }

    @Test
    void membersOfAnotherClusterAreRefused() throws Exception {
        try (var cluster = cluster(3, 100_000).startAll()) {
            long leader = cluster.leader();
            cluster.put(leader, "e1");
            try (var stranger =
                    new LedgerCluster(directory.resolve("other"), 0xbad, 3, null, 100_000)) {
                stranger.dial.putAll(cluster.dial);
                stranger.start(1);
                assertThatThrownBy(() -> stranger.propose(1, "x"))
                        .rootCause()
                        .hasMessageContaining("etcdserver: no leader");
            }
            assertThat(cluster.put(leader, "e2")).isEqualTo(2);
        }
    }

    @Test
    void refusesToStartWhenItsLogIsLost() throws Exception {
        try (var cluster = cluster(1, 100_000).startAll()) {
            cluster.leader();
            cluster.put(1, "e1");
            cluster.machine(1).flush();
            cluster.stop(1);
            FileTree.remove(directory.resolve("m1/log"));
            assertThatThrownBy(() -> cluster.start(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("part of the log is missing");
        }
    }

    @Test
    @Timeout(300)
    void refusesToStartWhenItsLogIsDamagedAndLetsGo() throws Exception {
        try (var cluster = cluster(1, 100_000).startAll()) {
            cluster.leader();
            cluster.put(1, "e1");
            cluster.put(1, "e2");
            cluster.stop(1);
            damageFirstEntry(directory.resolve("m1/log"));
            assertThatThrownBy(() -> cluster.start(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is damaged at byte 24");
        }
    }

    private static void damageFirstEntry(Path log) throws IOException {
        try (var files = Files.list(log);
                var file =
                        FileChannel.open(
                                files.findFirst().orElseThrow(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 24 + 42);
        }
    }

    @Test
    void whoComesAfterTheEndIsToldSo() throws Exception {
        try (var cluster = cluster(1, 100_000).startAll()) {
            cluster.leader();
            RaftLog log = cluster.log(1);
            cluster.stop(1);
            assertStopped(log.propose(ByteString.copyFromUtf8("late")));
            assertThat(log.readIndex()).isCompletedExceptionally();
        }
    }

    @Test
    void aFollowerThatStopsTellsThoseWhoseCommandsItHasForwarded() throws Exception {
        try (var cluster = cluster(3, 100_000).startAll()) {
            long leader = cluster.leader();
            long follower = leader % 3 + 1;
            RaftLog log = cluster.log(follower);
            Thread closing;
            // What the others agree on is not applied here, so that its result waits.
            synchronized (cluster.machine(follower)) {
                var outcome = log.propose(ByteString.copyFromUtf8("forwarded"));
                LedgerCluster.await(
                        "the command in the leader's ledger",
                        Duration.ofSeconds(60),
                        () -> cluster.machine(leader).entries().contains("forwarded"));
                closing = Thread.ofPlatform().start(() -> cluster.stop(follower));
                assertStopped(outcome);
            }
            closing.join();
        }
    }

    private static void assertStopped(CompletableFuture<CommandResult> outcome) {
        assertThatThrownBy(() -> outcome.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(GrpcException.class)
                .hasMessageEndingWith("etcdserver: server stopped");
    }
}
