package io.skerry.node.training;

import com.google.protobuf.ByteString;
import io.skerry.base.log.LogSetup;
import io.skerry.base.net.FreePorts;
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
import io.skerry.node.Node;
import io.skerry.node.cli.Main;
import io.skerry.node.config.NodeConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Starts a node that is the only member of its store on loopback, with data in a folder and a
 * pretended systemd, uses its store, and stops when standard input ends. Says {@code ready} on
 * standard output when other training runs may use it.
 */
public final class ServerTraining {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int KEYS = 2000;
    private static final int WRITERS = 50;
    private static final int VALUE_BYTES = 256;

    private ServerTraining() {}

    /** The only argument is the folder; it holds certificates in {@code pki}. */
    public static void main(String[] args) throws Exception {
        LogSetup.install("warn");
        var folder = Path.of(args[0]).toAbsolutePath();
        // Through the command line, as a real start comes.
        var nowhere = new PrintWriter(Writer.nullWriter());
        Main.run(nowhere, nowhere, "node", "--config", folder.resolve("none").toString());
        Main.run(nowhere, nowhere, "etcd", "--nme");
        var config = NodeConfig.parse("node.yaml", configuration(folder));
        try (var _ = Node.start(config, "training", PretendSystemd::new, ServerTraining::fail);
                var store = EtcdClient.connect(endpoints(config))) {
            use(store);
            LoadedStore.run(folder);
            announce(folder, "store-url", config.clientUrl().toString());
            config.fleet()
                    .ifPresent(fleet ->
                            announce(folder, "fleet-api", "https://127.0.0.1:" + fleet.port()));
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // until whoever started us closes our input
            }
        }
    }

    /** Without an id of the machine there is no fleet; the store can be trained all the same. */
    private static String configuration(Path folder) throws IOException {
        var roles = Files.exists(Path.of("/etc/machine-id")) ? "[etcd, fleet]" : "[etcd]";
        var yaml =
                """
                name: training
                address: 127.0.0.1
                roles: %1$s
                data-dir: %2$s/data
                pki-dir: %2$s/pki
                store:
                  members: {training: 127.0.0.1}
                  client-port: %3$d
                  peer-port: %4$d
                """
                        .formatted(roles, folder, FreePorts.next(), FreePorts.next());
        return roles.contains("fleet")
                ? yaml
                        + ("fleet: {port: %d, socket: %s/fleet.sock, units-dir: %s/fleet/units,"
                                        + " containers: false}\n")
                                .formatted(FreePorts.next(), folder, folder)
                : yaml;
    }

    private static EtcdEndpoints endpoints(NodeConfig config) {
        var identity =
                new TlsFiles(
                        config.pki("client.crt"),
                        config.pki("client.key"),
                        config.pki("ca.crt"),
                        false);
        return new EtcdEndpoints(config.store().endpoints(), identity, LIMIT);
    }

    /** Tells the training of the command line where something serves. */
    private static void announce(Path folder, String name, String url) {
        try {
            Files.writeString(folder.resolve(name), url);
        } catch (IOException e) {
            fail("cannot write to " + folder + ": " + e.getMessage());
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

    static void fail(String reason) {
        System.err.println("training: " + reason);
        Runtime.getRuntime().halt(1);
    }
}
