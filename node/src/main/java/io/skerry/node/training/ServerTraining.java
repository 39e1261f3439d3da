package io.skerry.node.training;

import com.google.protobuf.ByteString;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.log.LogSetup;
import io.skerry.base.metrics.Metrics;
import io.skerry.base.net.Network;
import io.skerry.base.pki.CertificateAuthority;
import io.skerry.base.pki.CertificateUse;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.client.Compare;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.LeaseId;
import io.skerry.etcd.client.Op;
import io.skerry.etcd.client.Txn;
import io.skerry.etcd.client.WatchEvent;
import io.skerry.etcd.client.WatchListener;
import io.skerry.etcd.client.WatchRequest;
import io.skerry.etcd.server.EtcdConfig;
import io.skerry.etcd.server.EtcdServer;
import io.skerry.etcd.server.membership.InitialCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Starts a store of one member on loopback with data in a folder, uses it, and stops when standard
 * input ends. Says {@code ready} on standard output when other training runs may use it.
 */
public final class ServerTraining {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int KEYS = 2000;
    private static final int WRITERS = 50;
    private static final int VALUE_BYTES = 256;

    private ServerTraining() {}

    /** The only argument is the folder, which exists. */
    public static void main(String[] args) throws Exception {
        LogSetup.install("warn");
        var folder = Path.of(args[0]);
        var authority = CertificateAuthority.create(folder.resolve("pki"), "training");
        var server = identity(authority, CertificateUse.SERVER, folder);
        var peer = identity(authority, CertificateUse.PEER, folder);
        var client = identity(authority, CertificateUse.CLIENT, folder);
        var peerUrl = "https://127.0.0.1:" + freePort();
        var clientUrl = "https://127.0.0.1:" + freePort();
        var config =
                new EtcdConfig(
                        "training",
                        folder.resolve("data"),
                        List.of(ListenUrl.parse(clientUrl)),
                        List.of(clientUrl),
                        List.of(ListenUrl.parse(peerUrl)),
                        List.of(peerUrl),
                        InitialCluster.parse("training", "training=" + peerUrl),
                        false,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        server,
                        peer,
                        EtcdConfig.DEFAULT_SNAPSHOT_COUNT);
        try (var network = Network.start();
                var member =
                        EtcdServer.start(config, network, new Metrics(), ServerTraining::fail);
                var store =
                        EtcdClient.connect(
                                new EtcdEndpoints(List.of(URI.create(clientUrl)), client, LIMIT),
                                network)) {
            use(store);
            Files.writeString(folder.resolve("store"), clientUrl);
            System.out.println("ready " + member.clientPorts());
            while (System.in.read() >= 0) {
                // until whoever started us closes our input
            }
        }
    }

    private static TlsFiles identity(
            CertificateAuthority authority, CertificateUse use, Path folder) throws IOException {
        return authority
                .issue(use, "training", List.of())
                .writeTo(folder.resolve(use.name()), "identity");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void use(EtcdClient store) throws EtcdException, InterruptedException {
        var value = ByteString.copyFrom("v".repeat(VALUE_BYTES), StandardCharsets.UTF_8);
        var seen = new CountDownLatch(KEYS);
        var follower =
                store.watch(
                        WatchRequest.prefix("training/"),
                        (SeenEvents) events -> events.forEach(event -> seen.countDown()));
        var lease = store.keepLease(LIMIT, () -> {});
        var writers = new ArrayList<Thread>();
        for (var writer = 0; writer < WRITERS; writer++) {
            var first = writer;
            writers.add(
                    Thread.startVirtualThread(() -> {
                        for (var i = first; i < KEYS; i += WRITERS) {
                            write(store, "training/" + i, value, lease.id());
                        }
                    }));
        }
        for (var writer : writers) {
            writer.join();
        }
        seen.await();
        store.list("training/");
        store.commit(
                Txn.when(Compare.absent("training/txn"))
                        .then(Op.put("training/txn", value))
                        .otherwise(Op.get("training/txn")));
        follower.close();
        lease.close();
        store.deletePrefix("training/");
    }

    private static void write(EtcdClient store, String key, ByteString value, LeaseId lease) {
        try {
            store.put(key, value, lease);
            store.get(key);
        } catch (EtcdException | InterruptedException e) {
            fail(key + ": " + e.getMessage());
        }
    }

    /** A listener that wants nothing but the events. */
    @FunctionalInterface
    private interface SeenEvents extends WatchListener {
        void onEvents(List<WatchEvent> events);

        @Override
        default void onEvents(long revision, List<WatchEvent> events) {
            onEvents(events);
        }

        @Override
        default void onCompacted(long compactRevision) {
            fail("compacted at " + compactRevision);
        }
    }

    private static void fail(String reason) {
        System.err.println("training: " + reason);
        Runtime.getRuntime().halt(1);
    }
}
