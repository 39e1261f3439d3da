package io.skerry.etcd.server;

import com.google.protobuf.ByteString;
import io.skerry.base.net.FreePorts;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import io.skerry.etcd.client.EtcdException;
import io.skerry.etcd.client.KeyValue;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Two members in this process that are attacked, and what must stay true of them: they serve a
 * client that behaves, log no error, and hold neither descriptors nor threads nor memory for those
 * who do not.
 */
public final class FuzzedServer implements AutoCloseable {
    /** Longer than an idle thread is kept. */
    private static final long PATIENCE_NANOS = 180_000_000_000L;

    private static final String KEY = "health";

    private static final int MORE_DESCRIPTORS = 40;
    private static final int MORE_THREADS = 60;
    private static final long MORE_BYTES = 500L << 20;

    private final List<EtcdConfig> configs = new ArrayList<>();
    private final List<EtcdServer> servers = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    private final Logger root = Logger.getLogger("");
    private final Handler listener = listener();
    private final EtcdClient client;
    private long descriptors;
    private long threads;
    private long heldBytes;
    private int puts;

    public FuzzedServer(Path folder) throws IOException {
        int[] ports = {FreePorts.next(), FreePorts.next(), FreePorts.next(), FreePorts.next()};
        String cluster = "m0=http://127.0.0.1:" + ports[1] + ",m1=http://127.0.0.1:" + ports[3];
        for (int i = 0; i < 2; i++) {
            String clients = "http://127.0.0.1:" + ports[2 * i];
            String peers = "http://127.0.0.1:" + ports[2 * i + 1];
            var command = new EtcdCommand();
            new CommandLine(command)
                    .parseArgs(
                            "--name",
                            "m" + i,
                            "--data-dir",
                            folder.resolve("m" + i).toString(),
                            "--listen-client-urls",
                            clients,
                            "--advertise-client-urls",
                            clients,
                            "--listen-peer-urls",
                            peers,
                            "--initial-advertise-peer-urls",
                            peers,
                            "--initial-cluster",
                            cluster);
            configs.add(command.config());
            servers.add(EtcdServer.start(command.config(), errors::add));
        }
        client = EtcdClient.connect(EtcdEndpoints.parse("http://127.0.0.1:" + ports[0], null));
        root.addHandler(listener);
    }

    private Handler listener() {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                // The consensus library reports as errors what elections on a busy machine bring.
                boolean ours = !String.valueOf(record.getLoggerName()).startsWith("com.alipay.");
                if (ours && record.getLevel().intValue() >= Level.SEVERE.intValue()) {
                    errors.add(record.getLoggerName() + ": " + record.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    public int clientPort() {
        return servers.getFirst().clientPorts().getFirst();
    }

    public int peerPort() {
        return configs.getFirst().peerListenAddresses().getFirst().getPort();
    }

    public long clusterId() {
        return configs.getFirst().initialCluster().clusterId();
    }

    /** The member that is attacked, or the other. */
    public long memberId(int i) {
        var config = configs.get(i);
        return config.initialCluster().memberId(config.name());
    }

    /** Takes what is in use now as what is in use without an attack. */
    public void rememberUse() throws Exception {
        requireHealth("before the first attack");
        descriptors = descriptors();
        threads = threads();
        heldBytes = heldBytes();
    }

    /** Serves one who behaves, whose acknowledged write is not lost, and no error was logged. */
    public void requireHealth(String when) throws Exception {
        String value = "v" + puts++;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long revision = 0;
        boolean read = false;
        while (!read) {
            try {
                if (revision == 0) {
                    revision = client.put(KEY, ByteString.copyFromUtf8(value)).revision();
                }
                requireWritten(value, revision);
                read = true;
            } catch (EtcdException e) {
                String failure = String.valueOf(e.getMessage());
                if (System.nanoTime() - deadline > 0 || failure.contains("future revision")) {
                    throw new AssertionError("the member does not serve " + when, e);
                }
                if (failure.contains("compacted")) {
                    // An attacker may ask for that.
                    revision = 0;
                }
                Thread.sleep(50);
            }
        }
        if (!errors.isEmpty()) {
            throw new AssertionError("errors " + when + ": " + errors);
        }
    }

    /** An attacker's deletion may come between, but later than the write's own revision. */
    private void requireWritten(String value, long revision)
            throws EtcdException, InterruptedException {
        List<String> read =
                client.list(KEY, revision).entries().stream()
                        .filter(entry -> entry.key().equals(KEY))
                        .map(KeyValue::text)
                        .toList();
        if (!read.equals(List.of(value))) {
            throw new AssertionError(
                    "read "
                            + read
                            + " at revision "
                            + revision
                            + ", at which "
                            + value
                            + " was written");
        }
    }

    /** While the attackers' connections are open: memory has a bound. */
    public void requireBoundedMemory(String when) throws IOException {
        long more = heldBytes() - heldBytes;
        if (more > MORE_BYTES) {
            throw new AssertionError((more >> 20) + " MiB more are held " + when);
        }
    }

    /** After the attackers have gone: what they held is given back. */
    public void requireNothingHeld(String when) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            String held =
                    descriptors() > descriptors + MORE_DESCRIPTORS
                            ? descriptors() + " descriptors, at first " + descriptors
                            : threads() > threads + MORE_THREADS
                                    ? threads() + " threads, at first " + threads
                                    : null;
            if (held == null) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(held + ", " + when);
            }
            Thread.sleep(50);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long threads() throws IOException {
        return status("Threads:");
    }

    /**
     * What is in use in the heap and all of what is resident beside it. How far the heap of this
     * process, with the tests that ran before, has grown for garbage says nothing of the server.
     */
    private static long heldBytes() throws IOException {
        System.gc();
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long resident = status("VmRSS:") << 10;
        return heap.getUsed() + Math.max(0, resident - heap.getCommitted());
    }

    private static long status(String name) throws IOException {
        @Nullable String line =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(l -> l.startsWith(name))
                        .findFirst()
                        .orElse(null);
        return line == null ? 0 : Long.parseLong(line.replaceAll("[^0-9]", ""));
    }

    @Override
    public void close() {
        root.removeHandler(listener);
        client.close();
        servers.reversed().forEach(EtcdServer::close);
    }
}
