package io.skerry.etcd.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member does that is cut off from the others, and when it is back. */
class PartitionTest {
    private static final AtomicLong CLUSTERS = new AtomicLong(0xc07);
    private static final Duration LONG = Duration.ofSeconds(60);
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
            assertThatThrownBy(() -> cluster.put(old, "lost"))
                    .rootCause()
                    .hasMessageContaining("etcdserver: ");

            links.join(old);

            awaitSeen(cluster, old, cluster.leader());
            cluster.put(old, "e3");
            cluster.awaitEqualLedgers();
            assertThat(cluster.machine(old).entries()).containsExactly("e1", "e2", "e3");
        }
    }

    @Test
    void memberThatComesBackDoesNotDisturbTheLeader() throws Exception {
        try (var cluster = cluster()) {
            Links links = cluster.linked();
            cluster.startAll();
            long leader = cluster.leader();
            cluster.put(leader, "e1");
            long lonely = cluster.ids().stream().filter(id -> id != leader).findAny().orElseThrow();
            long term = cluster.log(leader).status().term();
            long leadersSeen = cluster.log(leader).leadersSeen();

            links.cutOff(lonely);
            awaitSeen(cluster, lonely, 0);
            long until = System.nanoTime() + SOME_ELECTION_TIMEOUTS.toNanos();
            LedgerCluster.await(
                    "some elections that it cannot win", LONG, () -> System.nanoTime() - until > 0);
            cluster.put(leader, "e2");
            links.join(lonely);
            awaitSeen(cluster, lonely, leader);
            cluster.put(lonely, "e3");

            cluster.awaitEqualLedgers();
            for (long id : cluster.ids()) {
                assertThat(cluster.log(id).status().term()).isEqualTo(term);
            }
            assertThat(cluster.log(leader).leadersSeen()).isEqualTo(leadersSeen);
        }
    }
}
