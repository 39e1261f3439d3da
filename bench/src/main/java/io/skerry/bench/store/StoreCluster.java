package io.skerry.bench.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.skerry.base.grpc.GrpcMethod;
import io.skerry.base.net.FreePorts;
import io.skerry.bench.load.LoadConnection;
import io.skerry.etcd.client.EtcdMethods;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Members of one store as processes on loopback, their data below one folder. */
public final class StoreCluster implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 100;
    private static final long READ_POLL_MILLIS = 5;
    private static final long STOP_SECONDS = 10;
    private static final int LOG_TAIL_LINES = 5;

    private final ServerKind kind;
    private final Path folder;
    private final List<String> flags;
    private final List<List<String>> commands = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<InetSocketAddress> clients = new ArrayList<>();

    private boolean closed;

    /**
     * A store that is not started yet.
     *
     * @param flags for each member besides the usual ones
     */
    public StoreCluster(ServerKind kind, Path folder, List<String> flags) {
        this.kind = kind;
        this.folder = folder;
        this.flags = List.copyOf(flags);
    }

    /** Starts the members and waits until each of them has a leader. */
    public void start(int members) throws BenchException, IOException, InterruptedException {
        startAll(members);
        for (int i = 0; i < members; i++) {
            awaitReady(i);
        }
    }

    ServerKind kind() {
        return kind;
    }

    /** Where clients reach the members. */
    public List<InetSocketAddress> clients() {
        return clients;
    }

    Path folder() {
        return folder;
    }

    ProcessUse use() throws IOException {
        return ProcessUse.of(processes.stream().map(Process::pid).toList());
    }

    /** Whether every member has a file mapped whose name ends so. */
    boolean mapsFile(String end) throws IOException {
        for (Process process : processes) {
            Path maps = Path.of("/proc", Long.toString(process.pid()), "maps");
            if (Files.readAllLines(maps).stream().noneMatch(line -> line.endsWith(end))) {
                return false;
            }
        }
        return true;
    }

    /** The member that leads now. */
    InetSocketAddress leader() throws IOException, BenchException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            for (InetSocketAddress client : clients) {
                StatusResponse status = status(client);
                if (status.getLeader() == status.getHeader().getMemberId()) {
                    return client;
                }
            }
            // Another one is being elected.
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        throw new BenchException("no member of " + kind.label() + " says that it leads");
    }

    private void startAll(int members) throws IOException {
        int[] ports = new int[2 * members];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = FreePorts.next();
        }
        var initial = new ArrayList<String>();
        for (int i = 0; i < members; i++) {
            clients.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[2 * i]));
            initial.add("m" + i + "=http://127.0.0.1:" + ports[2 * i + 1]);
        }
        for (int i = 0; i < members; i++) {
            String client = "http://127.0.0.1:" + ports[2 * i];
            String peer = "http://127.0.0.1:" + ports[2 * i + 1];
            var command = new ArrayList<>(kind.command());
            command.addAll(List.of("--name", "m" + i));
            command.addAll(List.of("--data-dir", folder.resolve("m" + i).toString()));
            command.addAll(
                    List.of("--listen-client-urls", client, "--advertise-client-urls", client));
            command.addAll(
                    List.of("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer));
            command.addAll(List.of("--initial-cluster", String.join(",", initial)));
            command.addAll(
                    List.of("--initial-cluster-token", "bench", "--initial-cluster-state", "new"));
            command.addAll(flags);
            commands.add(command);
            startOne(i);
        }
    }

    /** Not beside {@link #close}, which an interrupt may call at any moment. */
    private synchronized void startOne(int member) throws IOException {
        if (closed) {
            throw new IOException("the benchmark was ended");
        }
        Process process =
                new ProcessBuilder(commands.get(member))
                        .redirectErrorStream(true)
                        .redirectOutput(log(member).toFile())
                        .start();
        if (member < processes.size()) {
            processes.set(member, process);
        } else {
            processes.add(process);
        }
    }

    /**
     * Ends all members in good order and starts them again.
     *
     * @return from the start until the first of them has answered a linearizable read
     */
    Duration restart() throws BenchException, IOException, InterruptedException {
        for (Process process : processes) {
            process.destroy();
        }
        for (Process process : processes) {
            if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchException(kind.label() + " does not end");
            }
        }
        long start = System.nanoTime();
        for (int i = 0; i < commands.size(); i++) {
            startOne(i);
        }
        awaitRead(start + START_LIMIT.toNanos());
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        for (int i = 0; i < commands.size(); i++) {
            awaitReady(i);
        }
        return taken;
    }

    private void awaitRead(long deadline) throws BenchException, IOException, InterruptedException {
        var read =
                RangeRequest.newBuilder().setKey(ByteString.copyFrom(PutRequests.key(1))).build();
        while (System.nanoTime() < deadline) {
            try {
                if (call(EtcdMethods.RANGE, read).getCount() == 1) {
                    return;
                }
                throw new BenchException(kind.label() + " has lost a key in a restart");
            } catch (IOException e) {
                // Not yet; the processes are looked after once it answers.
                TimeUnit.MILLISECONDS.sleep(READ_POLL_MILLIS);
            }
        }
        throw new BenchException(kind.label() + " did not answer after its restart: " + tail(0));
    }

    /** What the first member says of itself. */
    StatusResponse status() throws IOException {
        return status(clients.getFirst());
    }

    /** One call to the first member. */
    <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request)
            throws IOException {
        return call(clients.getFirst(), method, request);
    }

    /** One call to each member, one after the other. */
    <Q extends MessageLite, R extends MessageLite> void callEach(GrpcMethod<Q, R> method, Q request)
            throws IOException {
        for (InetSocketAddress client : clients) {
            var _ = call(client, method, request);
        }
    }

    private static <Q extends MessageLite, R extends MessageLite> R call(
            InetSocketAddress client, GrpcMethod<Q, R> method, Q request) throws IOException {
        try (var connection = LoadConnection.open(client, 1)) {
            connection.method(method.path());
            return method.responses().parseFrom(connection.call(request.toByteArray()));
        }
    }

    /** What the data of all members takes on the disk. */
    long diskBytes() throws IOException, InterruptedException {
        Process du = new ProcessBuilder("du", "-s", "-B1", folder.toString()).start();
        try (var out = du.inputReader()) {
            String line = out.readLine();
            // Its status tells of a file that a member removed while it looked, too.
            var _ = du.waitFor();
            if (line == null) {
                throw new IOException("du -s -B1 " + folder + " failed");
            }
            return Long.parseLong(line.split("\\s", 2)[0]);
        }
    }

    private Path log(int member) {
        return folder.resolve("m" + member + ".log");
    }

    private void awaitReady(int member) throws BenchException, InterruptedException, IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        String last = "no answer yet";
        while (System.nanoTime() < deadline) {
            if (!processes.get(member).isAlive()) {
                throw new BenchException(
                        kind.label() + " ended when it should start: " + tail(member));
            }
            try {
                if (status(clients.get(member)).getLeader() != 0) {
                    return;
                }
                last = "it has no leader";
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        throw new BenchException(
                kind.label()
                        + " was not ready within "
                        + START_LIMIT.toSeconds()
                        + " s ("
                        + last
                        + "): "
                        + tail(member));
    }

    private static StatusResponse status(InetSocketAddress client) throws IOException {
        return call(client, EtcdMethods.STATUS, StatusRequest.getDefaultInstance());
    }

    private String tail(int member) throws IOException {
        List<String> lines = Files.readAllLines(log(member));
        return String.join(
                "; ", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    }

    /** Ends the processes at once; their data is of no use to anyone. */
    @Override
    public synchronized void close() {
        closed = true;
        processes.forEach(Process::destroyForcibly);
        for (Process process : processes) {
            try {
                var _ = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
