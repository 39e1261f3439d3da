package io.skerry.etcd.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member does that is cut off from the others, and when it is back. */
class PartitionTest {
    private static final AtomicLong CLUSTERS = new AtomicLong(0xc07);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int RETURNS = 4;
    private static final Duration SOME_ELECTION_TIMEOUTS = Duration.ofSeconds(5);

    @TempDir Path directory;

    private LedgerCluster cluster() throws Exception {
        return new LedgerCluster(directory, CLUSTERS.incrementAndGet(), 3, null, 100_000);
    }

    private static void awaitSeen(LedgerCluster cluster, long member, long leader) {
        LedgerCluster.await(
                "member " + member + " to see leader " + leader,
                LONG,
                () -> cluster.log(member).status().leaderId() == leader);
    }

    @Test
    void leaderWithoutItsMajorityStepsDownAndServesNoReadOfWhatOthersHaveChanged()
            throws Exception {
        try (var cluster = cluster()) {
            Links links = cluster.linked();
            cluster.startAll();
            long old = cluster.leader();
            cluster.put(old, "e1");
            List<Long> others = cluster.ids().stream().filter(id -> id != old).toList();

            links.cutOff(old);

            LedgerCluster.await(
                    "the others to elect a leader",
                    LONG,
                    () -> others.contains(cluster.log(others.getFirst()).status().leaderId()));
            assertThat(cluster.put(others.getFirst(), "e2")).isEqualTo(2);
            // It is asked while it may still take itself for the leader, and afterwards.
            assertThatThrownBy(() -> cluster.log(old).readIndex().get(60, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessageContaining("etcdserver: ");
            awaitSeen(cluster, old, 0);
            assertThatThrownBy(() -> cluster.log(old).readIndex().get(60, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessageContaining("etcdserver: ");
            assertThatThrownBy(() -> cluster.propose(old, "lost"))
                    .rootCause()
                    .hasMessageContaining("etcdserver: ");

            links.join(old);

            cluster.leader();
            cluster.put(old, "e3");
            cluster.awaitEqualLedgers();
            assertThat(cluster.machine(old).entries()).containsExactly("e1", "e2", "e3");
        }
    }

    @Test
    void newLeaderKnowsSinceWhenNoOtherCanHaveConfirmedAnything() throws Exception {
        try (var cluster = cluster()) {
            Links links = cluster.linked();
            cluster.startAll();
            long confirmedNanos;
            long leader;
            do {
                leader = cluster.leader();
                confirmedNanos = System.nanoTime();
                cluster.log(leader).readIndex().get(60, TimeUnit.SECONDS);
                // Another may have confirmed it that was elected meanwhile.
            } while (cluster.log(leader).status().leaderId() != leader);
            long old = leader;

            links.cutOff(old);

            long witness = cluster.ids().stream().filter(id -> id != old).findAny().orElseThrow();
            var told = new AtomicReference<>(Duration.ZERO);
            LedgerCluster.await(
                    "a new leader to know",
                    LONG,
                    () -> {
                        RaftStatus status = cluster.log(witness).status();
                        Duration silence =
                                status.leaderId() == old || status.leaderId() == 0
                                        ? null
                                        : silence(cluster.log(status.leaderId()), status.term());
                        told.set(silence == null ? Duration.ZERO : silence);
                        return silence != null;
                    });
            assertThat(told.get())
                    .isPositive()
                    .isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - confirmedNanos));
        }
    }

    /** Null where another election came between. */
    private static @Nullable Duration silence(RaftLog leader, long term) {
        try {
            return leader.silenceBefore(term).get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return null;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the leader does not tell", e);
        }
    }

    /**
     * One that had raised its term while it was alone would end the leader's each time it comes
     * back. A machine that stands still for an election timeout ends it by chance, so that one
     * return of several has to leave everything as it was.
     */
    @Test
    void memberThatComesBackDoesNotDisturbTheLeader() throws Exception {
        try (var cluster = cluster()) {
            Links links = cluster.linked();
            cluster.startAll();
            var disturbed = new ArrayList<String>();
            while (disturbed.size() < RETURNS) {
                String changed = whatAReturnChanges(cluster, links, disturbed.size());
                if (changed.isEmpty()) {
                    return;
                }
                disturbed.add(changed);
            }
            throw new AssertionError("each return disturbed the leader: " + disturbed);
        }
    }

    private static String whatAReturnChanges(LedgerCluster cluster, Links links, int time)
            throws Exception {
        long leader = cluster.leader();
        long lonely = cluster.ids().stream().filter(id -> id != leader).findAny().orElseThrow();
        try {
            links.cutOff(lonely);
            awaitSeen(cluster, lonely, 0);
            long until = System.nanoTime() + SOME_ELECTION_TIMEOUTS.toNanos();
            LedgerCluster.await(
                    "some elections that it cannot win", LONG, () -> System.nanoTime() - until > 0);
            cluster.put(leader, "while it is alone, " + time);
            String before = ruling(cluster, leader);
            links.join(lonely);
            cluster.leader();
            cluster.put(lonely, "after its return, " + time);
            cluster.awaitEqualLedgers();
            String after = ruling(cluster, leader);
            return after.equals(before) ? "" : before + " became " + after;
        } catch (ExecutionException e) {
            return "a put was refused: " + e;
        } finally {
            links.join(lonely);
        }
    }

    /** Who leads in which term, and how many have led, as the leader knows it. */
    private static String ruling(LedgerCluster cluster, long leader) {
        RaftStatus status = cluster.log(leader).status();
        return "leader %d in term %d, %d leaders so far"
                .formatted(status.leaderId(), status.term(), cluster.log(leader).leadersSeen());
    }
}
