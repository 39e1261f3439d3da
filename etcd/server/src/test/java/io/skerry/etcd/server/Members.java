package io.skerry.etcd.server;

import io.skerry.base.net.FreePorts;
import io.skerry.base.tls.TlsFiles;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Members of one cluster as processes of their own on loopback, started with etcd's flags. */
final class Members implements AutoCloseable {
    /**
     * For tests in which no request may fail: followers do not take a leader that a busy machine
     * holds up for a dead one, and elect none while a write is on its way.
     */
    static final String[] PATIENT = {"--election-timeout", "5000"};

    private final Path directory;
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();
    private final List<@Nullable Process> processes = new ArrayList<>();
    private final @Nullable TlsFiles tls;
    private final List<String> program;
    private final List<String> flags = new ArrayList<>();

    private Members(Path directory, int count, @Nullable TlsFiles tls, List<String> program)
            throws IOException {
        this.directory = directory;
        this.tls = tls;
        this.program = program;
        for (int i = 0; i < count; i++) {
            clientPorts.add(FreePorts.next());
            peerPorts.add(FreePorts.next());
            processes.add(null);
        }
    }

    /** Ours. */
    static Members ours(Path directory, int count, @Nullable TlsFiles tls) throws IOException {
        return ours(directory, count, tls, List.of());
    }

    /** Ours with further flags. */
    static Members ours(Path directory, int count, @Nullable TlsFiles tls, List<String> flags)
            throws IOException {
        var program =
                new ArrayList<String>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx256m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                EtcdCommand.class.getName()));
        program.addAll(flags);
        return new Members(directory, count, tls, program);
    }

    /** Debian's. */
    static Members theirs(Path directory, int count) throws IOException {
        return theirs(directory, count, null);
    }

    /** Debian's, with certificates. */
    static Members theirs(Path directory, int count, @Nullable TlsFiles tls) throws IOException {
        return new Members(directory, count, tls, List.of("etcd"));
    }

    /** Further flags for every member that is started from now on. */
    Members with(String... more) {
        flags.addAll(List.of(more));
        return this;
    }

    Members startAll() throws IOException {
        for (int i = 0; i < processes.size(); i++) {
            start(i);
        }
        return this;
    }

    int count() {
        return processes.size();
    }

    boolean running(int i) {
        Process process = processes.get(i);
        return process != null && process.isAlive();
    }

    /** The flags by which a member is known to the others. */
    List<String> identity(int i) {
        return identity(i, cluster(IntStream.range(0, processes.size()).boxed().toList()));
    }

    private List<String> identity(int i, String cluster) {
        return List.of(
                "--name",
                "m" + i,
                "--data-dir",
                data(i).toString(),
                "--initial-advertise-peer-urls",
                peerUrl(i),
                "--initial-cluster",
                cluster,
                "--initial-cluster-token",
                "test");
    }

    /** One more, which is not started. */
    int grow() throws IOException {
        clientPorts.add(FreePorts.next());
        peerPorts.add(FreePorts.next());
        processes.add(null);
        return processes.size() - 1;
    }

    String peerUrl(int i) {
        return url(peerPorts.get(i));
    }

    /** Those members as {@code --initial-cluster} names them. */
    String cluster(List<Integer> members) {
        return members.stream()
                .map(m -> "m" + m + "=" + peerUrl(m))
                .collect(Collectors.joining(","));
    }

    void start(int i) throws IOException {
        start(i, cluster(IntStream.range(0, processes.size()).boxed().toList()), "new");
    }

    void start(int i, String cluster, String state, String... more) throws IOException {
        var command = new ArrayList<>(program);
        command.addAll(identity(i, cluster));
        command.addAll(
                List.of(
                        "--listen-client-urls", url(clientPorts.get(i)),
                        "--advertise-client-urls", url(clientPorts.get(i)),
                        "--listen-peer-urls", peerUrl(i),
                        "--initial-cluster-state", state));
        command.addAll(List.of(more));
        TlsFiles files = tls;
        if (files != null) {
            String trusted = String.valueOf(files.trustedCa());
            command.addAll(
                    List.of(
                            "--cert-file",
                            files.certificate().toString(),
                            "--key-file",
                            files.key().toString(),
                            "--trusted-ca-file",
                            trusted,
                            "--client-cert-auth",
                            "--peer-cert-file",
                            files.certificate().toString(),
                            "--peer-key-file",
                            files.key().toString(),
                            "--peer-trusted-ca-file",
                            trusted,
                            "--peer-client-cert-auth"));
        }
        command.addAll(flags);
        File log = directory.resolve("m" + i + ".log").toFile();
        processes.set(
                i,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start());
    }

    Path data(int i) {
        return directory.resolve("m" + i);
    }

    String log(int i) throws IOException {
        return Files.readString(directory.resolve("m" + i + ".log"));
    }

    private String url(int port) {
        return (tls == null ? "http" : "https") + "://127.0.0.1:" + port;
    }

    List<URI> endpoints() {
        return clientPorts.stream().map(port -> URI.create(url(port))).toList();
    }

    URI endpoint(int i) {
        return URI.create(url(clientPorts.get(i)));
    }

    Process process(int i) {
        return Objects.requireNonNull(processes.get(i), "member " + i + " was never started");
    }

    /** As the power would. */
    void kill(int i) throws InterruptedException {
        process(i).destroyForcibly().waitFor();
    }

    void signal(int i, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process(i).pid())).start().waitFor();
    }

    @Override
    public void close() {
        for (Process process : processes) {
            if (process != null) {
                process.destroyForcibly();
            }
        }
        for (Process process : processes) {
            if (process != null) {
                process.onExit().join();
            }
        }
    }
}
