package io.skerry.etcd.server;

import static io.skerry.etcd.server.ClusterLifeTest.at;
import static io.skerry.etcd.server.ClusterLifeTest.await;
import static io.skerry.etcd.server.ClusterLifeTest.awaitDone;
import static io.skerry.etcd.server.ClusterLifeTest.awaitRemoved;
import static io.skerry.etcd.server.ClusterLifeTest.idOf;
import static io.skerry.etcd.server.ClusterLifeTest.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import io.skerry.base.process.Finished;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members are added, promoted and removed while others are killed or stand still. */
class ChangesUnderFireTest {
    @TempDir Path directory;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger acknowledged = new AtomicInteger();

    @BeforeAll
    static void needsDebiansEtcdctl() {
        assumeThat(Path.of("/usr/bin/etcdctl")).exists();
    }

    /** Counts up; a count whose fate is unknown is followed by the next. */
    private Thread write(EtcdClient client) {
        return Thread.ofVirtual()
                .start(() -> {
                    for (int i = 1; !stop.get(); i++) {
                        try {
                            client.put("count", ByteString.copyFromUtf8(Integer.toString(i)));
                            acknowledged.set(i);
                        } catch (EtcdException e) {
                            // Some member was killed; what counts is what was acknowledged.
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                });
    }

    private void awaitWrites() throws Exception {
        int before = acknowledged.get();
        await("writes to be acknowledged", () -> acknowledged.get() > before + 5);
    }

    private static int leader(Members members) throws Exception {
        int[] found = {-1};
        await(
                "a leader",
                () -> {
                    found[0] = ClusterLifeTest.leader(members);
                    return found[0] >= 0;
                });
        return found[0];
    }

    private static List<URI> others(Members members, int... gone) {
        var left = new ArrayList<>(members.endpoints());
        for (int i : gone) {
            left.remove(members.endpoint(i));
        }
        return left;
    }

    @Test
    void nothingAcknowledgedIsLostAndAllAgreeWhoIsMember() throws Exception {
        try (var members = Members.ours(directory, 3, null).startAll();
                var client =
                        EtcdClient.connect(
                                new EtcdEndpoints(
                                        members.endpoints(), null, Duration.ofSeconds(5)))) {
            var first = new Etcdctl(members.endpoints(), null).awaitHealthy();
            Thread writer = write(client);
            awaitWrites();

            // The leader dies as soon as a learner was added, and comes back to learn of it.
            int added = members.grow();
            join(members, first, added, "--learner");
            int killed = leader(members);
            members.kill(killed);
            var rest = new Etcdctl(others(members, killed, added), null);
            String learner = idOf(rest, members.peerUrl(added));
            awaitDone(
                    "the learner to be promoted",
                    "etcdserver: can only promote a learner member",
                    rest,
                    "member",
                    "promote",
                    learner);
            members.kill(added);
            members.start(killed);
            members.start(added);
            awaitWrites();
            new Etcdctl(members.endpoints(), null).awaitHealthy();

            // The leader stands still while another is asked to remove a third.
            int still = leader(members);
            int removed = (still + 1) % 3;
            int asked = (still + 2) % 3;
            String gone = idOf(at(members, asked), members.peerUrl(removed));
            members.signal(still, "STOP");
            awaitRemoved(at(members, asked), gone);
            members.signal(still, "CONT");
            assertThat(members.process(removed).waitFor(60, TimeUnit.SECONDS)).isTrue();
            awaitWrites();

            stop.set(true);
            writer.join();
            List<URI> left = others(members, removed);
            new Etcdctl(left, null).awaitHealthy();
            for (URI endpoint : left) {
                var one = new Etcdctl(List.of(endpoint), null);
                String count = one.out("get", "count", "--print-value-only").strip();
                assertThat(Integer.parseInt(count)).isGreaterThanOrEqualTo(acknowledged.get());
            }
            var lists = new HashSet<String>();
            await(
                    "all to know the same members",
                    () -> {
                        lists.clear();
                        for (URI endpoint : left) {
                            var one = new Etcdctl(List.of(endpoint), null);
                            Finished told = one.run("member", "list");
                            if (!told.succeeded()) {
                                return false;
                            }
                            lists.add(told.stdout());
                        }
                        return lists.size() == 1;
                    });
            assertThat(lists.iterator().next().lines())
                    .hasSize(3)
                    .allMatch(line -> line.endsWith("false"))
                    .noneMatch(line -> line.startsWith(gone));
        }
    }
}
