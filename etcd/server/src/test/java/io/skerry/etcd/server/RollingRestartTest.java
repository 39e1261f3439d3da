package io.skerry.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each of three members is stopped by SIGTERM and started again, as in an upgrade. Clients send
 * again only what is safe: reads, and writes that no member can have seen. So a write that is given
 * up without an answer by a member that stops would fail here.
 */
class RollingRestartTest {
    private static final int WRITERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir Path directory;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    /** One writes its key on and on, and after each write must read what it has written. */
    private final class Writer {
        private final EtcdClient client;
        private final String key;
        private final AtomicInteger acknowledged = new AtomicInteger();
        private final Thread thread;

        Writer(EtcdClient client, int number) {
            this.client = client;
            this.key = "k" + number;
            this.thread = Thread.ofVirtual().start(this::run);
        }

        private void run() {
            for (int i = 1; !stop.get(); i++) {
                try {
                    client.put(key, ByteString.copyFromUtf8(Integer.toString(i)));
                    acknowledged.set(i);
                    String read = client.get(key).orElseThrow().text();
                    if (!read.equals(Integer.toString(i))) {
                        failures.add(key + " is " + read + " after " + i + " was acknowledged");
                    }
                } catch (Exception e) {
                    failures.add(key + ": " + i + ": " + e + " caused by " + e.getCause());
                }
            }
        }
    }

    private static void awaitProgress(List<Writer> writers) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        for (Writer writer : writers) {
            int before = writer.acknowledged.get();
            while (writer.acknowledged.get() < before + 20) {
                assertThat(System.nanoTime() - until).as("writes go on").isNegative();
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
    }

    @Test
    void noRequestOfAClientThatKnowsAllMembersFails() throws Exception {
        try (var members = Members.ours(directory, 3, null).with(Members.PATIENT).startAll();
                var client =
                        EtcdClient.connect(
                                new EtcdEndpoints(members.endpoints(), null, PATIENCE))) {
            new Etcdctl(members.endpoints(), null).awaitHealthy();
            var writers = new ArrayList<Writer>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(new Writer(client, i));
            }
            awaitProgress(writers);
            for (int i = 0; i < 3; i++) {
                members.signal(i, "TERM");
                assertThat(members.process(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
                awaitProgress(writers);
                members.start(i);
                new Etcdctl(List.of(members.endpoint(i)), null).awaitHealthy();
                awaitProgress(writers);
            }
            stop.set(true);
            for (Writer writer : writers) {
                writer.thread.join();
                assertThat(client.get(writer.key).orElseThrow().text())
                        .isEqualTo(Integer.toString(writer.acknowledged.get()));
            }
            assertThat(failures).isEmpty();
        }
    }
}
