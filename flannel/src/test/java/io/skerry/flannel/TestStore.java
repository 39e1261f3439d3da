package io.skerry.flannel;

import io.skerry.base.net.FreePorts;
import io.skerry.base.process.Command;
import io.skerry.base.tls.TlsFiles;
import io.skerry.etcd.client.EtcdClient;
import io.skerry.etcd.client.EtcdEndpoints;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store of one member as a process on loopback: ours, or Debian's etcd. */
public final class TestStore implements AutoCloseable {
    private final Process process;
    private final URI uri;

    /** Which program it is. */
    public enum Kind {
        SKERRY,
        ETCD
    }

    public TestStore(Kind kind, Path directory) throws IOException {
        this(kind, directory, "test", peer("test"), null);
    }

    /** One that is reached over TLS. */
    public TestStore(Kind kind, Path directory, TlsFiles tls) throws IOException {
        this(kind, directory, "test", peer("test"), tls);
    }

    private TestStore(
            Kind kind, Path directory, String name, String cluster, @Nullable TlsFiles tls)
            throws IOException {
        uri = URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + FreePorts.next());
        String peers = peers(name, cluster);
        var command = new ArrayList<>(program(kind));
        command.addAll(
                List.of(
                        "--name=" + name,
                        "--data-dir=" + directory.resolve(kind + "-" + name),
                        "--listen-client-urls=" + uri,
                        "--advertise-client-urls=" + uri,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=" + cluster));
        if (tls != null) {
            command.add("--cert-file=" + tls.certificate());
            command.add("--key-file=" + tls.key());
        }
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(kind + "-" + name + ".log").toFile())
                        .start();
    }

    /** Members of one store. */
    public static List<TestStore> cluster(Kind kind, Path directory, int count) throws IOException {
        var peers = new ArrayList<String>();
        for (int number = 1; number <= count; number++) {
            peers.add(peer("m" + number));
        }
        String cluster = String.join(",", peers);
        var members = new ArrayList<TestStore>();
        for (int number = 1; number <= count; number++) {
            members.add(new TestStore(kind, directory, "m" + number, cluster, null));
        }
        return members;
    }

    private static String peer(String name) throws IOException {
        return name + "=http://127.0.0.1:" + FreePorts.next();
    }

    /** Where a member of a cluster listens for the others. */
    private static String peers(String name, String cluster) {
        return Stream.of(cluster.split(",", -1))
                .filter(peer -> peer.startsWith(name + "="))
                .map(peer -> peer.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> program(Kind kind) {
        return switch (kind) {
            case ETCD -> List.of("/usr/bin/etcd", "--enable-v2=true");
            case SKERRY ->
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.skerry.etcd.server.EtcdCommand");
        };
    }

    public URI uri() {
        return uri;
    }

    public EtcdClient client() throws IOException {
        return client(uri);
    }

    /** A client of a store that is reached there. */
    public static EtcdClient client(URI uri) throws IOException {
        return EtcdClient.connect(new EtcdEndpoints(List.of(uri), null, Duration.ofSeconds(60)));
    }

    /** Sends a signal, e.g. STOP. */
    public void signal(String name) throws IOException, InterruptedException {
        Command.of("kill", "-" + name, Long.toString(process.pid())).check();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
