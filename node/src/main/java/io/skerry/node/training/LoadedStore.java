package io.skerry.node.training;

import com.google.protobuf.ByteString;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.net.FreePorts;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.server.ClusterOptions;
import io.skerry.etcd.server.EtcdConfig;
import io.skerry.etcd.server.EtcdServer;
import io.skerry.etcd.server.OperationOptions;
import io.skerry.etcd.server.StorageOptions;
import io.skerry.etcd.server.auth.AuthOptions;
import io.skerry.etcd.server.membership.InitialCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three members on loopback under load. The start-up cache keeps how often each method was called
 * and with what, so that a member's compiler knows from the start what the way of a write through
 * leader and followers is, and that of its event to watchers, instead of learning it for a minute
 * at its users' cost.
 */
final class LoadedStore {
    private static final int MEMBERS = 3;
    private static final int WRITERS_A_MEMBER = 30;

    /**
     * Puts and no times, so that a build on a busy machine trains as much: what the compiler has
     * not seen called often enough is learnt by each member that starts. The limits are for slow
     * machines only.
     */
    private static final Part TOGETHER = new Part(60_000, Duration.ofSeconds(30));

    private static final Part WATCHED = new Part(20_000, Duration.ofSeconds(20));
    private static final Part ALONE = new Part(12_000, Duration.ofSeconds(30));
    private static final String PREFIX = "loaded/";
    private static final int KEYS = 1000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ByteString VALUE =
            ByteString.copyFrom("v".repeat(256), StandardCharsets.UTF_8);

    private LoadedStore() {}

    /**
     * Starts the members, writes with many in flight, without watchers and with many, and with one
     * in flight, and stops them.
     *
     * @param folder takes their data
     */
    static void run(Path folder) throws IOException, EtcdException, InterruptedException {
        var clientUrls = urls();
        var peerUrls = urls();
        var members = new ArrayList<EtcdServer>();
        var clients = new ArrayList<EtcdClient>();
        try {
            for (var i = 0; i < MEMBERS; i++) {
                members.add(
                        EtcdServer.start(
                                config(folder, i, clientUrls, peerUrls), ServerTraining::fail));
            }
            for (var url : clientUrls) {
                clients.add(
                        EtcdClient.connect(
                                new EtcdEndpoints(List.of(URI.create(url)), null, LIMIT)));
            }
            // The time begins with the first answer: before it, there is no leader.
            write(clients.getFirst(), 0);
            writeTogether(clients, TOGETHER);
            try (var watchers = new PrefixWatchers(clientUrls, PREFIX)) {
                writeTogether(clients, WATCHED);
                watchers.end();
            }
            var end = ALONE.endNanos();
            for (var i = 0; i < ALONE.puts && System.nanoTime() - end < 0; i++) {
                write(clients.get(i % MEMBERS), i);
            }
        } finally {
            clients.forEach(EtcdClient::close);
            members.forEach(EtcdServer::close);
        }
    }

    private static List<String> urls() throws IOException {
        var urls = new ArrayList<String>();
        for (var i = 0; i < MEMBERS; i++) {
            urls.add("http://127.0.0.1:" + FreePorts.next());
        }
        return urls;
    }

    private static EtcdConfig config(
            Path folder, int member, List<String> clientUrls, List<String> peerUrls) {
        var initial = new ArrayList<String>();
        for (var i = 0; i < MEMBERS; i++) {
            initial.add("m" + i + "=" + peerUrls.get(i));
        }
        return new EtcdConfig(
                "m" + member,
                folder.resolve("loaded-" + member),
                List.of(ListenUrl.parse(clientUrls.get(member))),
                List.of(clientUrls.get(member)),
                List.of(ListenUrl.parse(peerUrls.get(member))),
                List.of(peerUrls.get(member)),
                InitialCluster.parse("training", String.join(",", initial)),
                false,
                Duration.ofMillis(100),
                Duration.ofSeconds(3),
                null,
                null,
                EtcdConfig.DEFAULT_SNAPSHOT_COUNT,
                StorageOptions.DEFAULT,
                AuthOptions.DEFAULT,
                ClusterOptions.DEFAULT,
                OperationOptions.DEFAULT);
    }

    private static void writeTogether(List<EtcdClient> clients, Part part)
            throws InterruptedException {
        var end = part.endNanos();
        var next = new AtomicInteger();
        var writers = new ArrayList<Thread>();
        for (var client : clients) {
            for (var i = 0; i < WRITERS_A_MEMBER; i++) {
                writers.add(
                        Thread.startVirtualThread(() -> {
                            for (var n = next.getAndIncrement();
                                    n < part.puts && System.nanoTime() - end < 0;
                                    n = next.getAndIncrement()) {
                                write(client, n);
                            }
                        }));
            }
        }
        for (var writer : writers) {
            writer.join();
        }
    }

    /** So many puts, or as many as there are in the time. */
    private record Part(int puts, Duration limit) {
        long endNanos() {
            return System.nanoTime() + limit.toNanos();
        }
    }

    /** Tries again while the members, all in this one slow process, have no leader. */
    private static void write(EtcdClient client, int number) {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                client.put(PREFIX + number % KEYS, VALUE);
                return;
            } catch (EtcdException | InterruptedException e) {
                if (!(e instanceof EtcdException failure && failure.unavailable())
                        || System.nanoTime() - deadline > 0) {
                    ServerTraining.fail("loaded store: " + e.getMessage());
                    return;
                }
            }
        }
    }
}
