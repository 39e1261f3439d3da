package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.base.net.Network;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.KeyValue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members are killed at any moment while clients write: nothing acknowledged may be lost. */
class CrashTest {
    private static final int WRITERS = 4;
    private static final int FEWEST_KILLS = 3;

    @TempDir Path directory;

    @ParameterizedTest
    @CsvSource({"1, 101, 12", "3, 201, 15", "3, 202, 15"})
    void nothingAcknowledgedIsLostWhenMembersAreKilled(int count, long seed, int seconds)
            throws Exception {
        try (var members = Members.ours(directory, count, null).startAll();
                var network = Network.start(1);
                var client = connect(members, network, Duration.ofSeconds(3))) {
            new Etcdctl(members.endpoints(), null).awaitHealthy();
            var acknowledged = new ConcurrentSkipListMap<String, Long>();
            var stop = new AtomicBoolean();
            var writers = new ArrayList<Thread>();
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                writers.add(
                        Thread.ofVirtual().start(() -> write(client, writer, acknowledged, stop)));
            }
            killAgainAndAgain(members, new Random(seed), seconds);
            new Etcdctl(members.endpoints(), null).awaitHealthy();
            // On a busy machine members may have been killed again before they could serve.
            int before = acknowledged.size();
            ClusterLifeTest.await(
                    "writes to go on after the last kill", () -> acknowledged.size() > before + 20);
            stop.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            verify(members, network, acknowledged);
        }
    }

    private static EtcdClient connect(Members members, Network network, Duration patience)
            throws IOException {
        return EtcdClient.connect(new EtcdEndpoints(members.endpoints(), null, patience), network);
    }

    private static void write(
            EtcdClient client, int writer, Map<String, Long> acknowledged, AtomicBoolean stop) {
        for (int n = 0; !stop.get(); n++) {
            String key = "w%d/%06d".formatted(writer, n);
            try {
                long revision = client.put(key, ByteString.copyFromUtf8(key)).revision();
                acknowledged.put(key, revision);
            } catch (EtcdException e) {
                // Not acknowledged: it may be there or not.
                assertThat(e.getMessage()).isNotBlank();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void killAgainAndAgain(Members members, Random random, int seconds)
            throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int kills = 0;
        while (System.nanoTime() - until < 0 || kills < FEWEST_KILLS) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(300, 2500));
            boolean all = random.nextInt(4) == 0;
            int one = random.nextInt(members.count());
            for (int i = 0; i < members.count(); i++) {
                if (all || i == one) {
                    members.kill(i);
                    kills++;
                }
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
            for (int i = 0; i < members.count(); i++) {
                if (!members.running(i)) {
                    members.start(i);
                }
            }
        }
    }

    private static void verify(Members members, Network network, Map<String, Long> acknowledged)
            throws Exception {
        for (int i = 0; i < members.count(); i++) {
            try (var client =
                    EtcdClient.connect(
                            new EtcdEndpoints(
                                    List.of(members.endpoint(i)), null, Duration.ofSeconds(60)),
                            network)) {
                var found = new TreeMap<String, Long>();
                for (KeyValue entry : client.list("w").entries()) {
                    found.put(entry.key(), entry.modRevision());
                }
                assertThat(found).as("member %s", i).containsAllEntriesOf(acknowledged);
            }
        }
        assertThat(new HashSet<>(acknowledged.values())).hasSameSizeAs(acknowledged.keySet());
    }

    @Test
    void frozenMembersGoOnAfterwards() throws Exception {
        try (var members = Members.ours(directory, 3, null).startAll();
                var network = Network.start(1);
                var client = connect(members, network, Duration.ofSeconds(60))) {
            new Etcdctl(members.endpoints(), null).awaitHealthy();
            client.put("before", ByteString.copyFromUtf8("1"));
            for (int i = 0; i < 3; i++) {
                members.signal(i, "STOP");
            }
            TimeUnit.SECONDS.sleep(8);
            for (int i = 0; i < 3; i++) {
                members.signal(i, "CONT");
            }
            new Etcdctl(members.endpoints(), null).awaitHealthy();
            assertThat(client.get("before").orElseThrow().text()).isEqualTo("1");
            members.signal(1, "STOP");
            var others = new Etcdctl(List.of(members.endpoint(0), members.endpoint(2)), null);
            for (int n = 0; n < 20; n++) {
                // The one that stands still may have led; a put without a leader is refused.
                String key = "n" + n;
                ClusterLifeTest.await(
                        "a put without the third", () -> others.run("put", key, "x").succeeded());
            }
            members.signal(1, "CONT");
            new Etcdctl(List.of(members.endpoint(1)), null).awaitHealthy();
            assertThat(
                            new Etcdctl(List.of(members.endpoint(1)), null)
                                    .out("get", "n19", "--print-value-only"))
                    .isEqualTo("x\n");
        }
    }
}
