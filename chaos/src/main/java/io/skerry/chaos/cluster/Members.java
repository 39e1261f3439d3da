package io.skerry.chaos.cluster;

import io.skerry.base.file.FileTree;
import io.skerry.base.net.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Members of one store as processes. Clients reach them by Unix sockets, which no fault of the
 * network cuts: so also a member that is cut off from the others is asked. Thread-safe.
 */
public final class Members {
    private static final int TAIL_LINES = 8;
    private static final int PEER_PORT = 2380;

    /** Last words of one that was removed while it ran, or before it had joined. */
    private static final List<String> NO_MEMBER =
            List.of("has been permanently removed from the cluster", "validating peerURLs");

    private final List<String> program;
    private final Path folder;
    private final @Nullable Cables cables;
    private final List<String> peers = new ArrayList<>();
    private final List<@Nullable Process> processes = new ArrayList<>();
    private final Set<Integer> meantToBeDown = new HashSet<>();
    private final List<String> deaths = new ArrayList<>();
    private final Set<Integer> full = new HashSet<>();

    /** Their disks were full: each may end once, also a moment after it has space again. */
    private final Set<Integer> excused = new HashSet<>();

    private final Disks disks;
    private final boolean clocks;
    private final @Nullable Certificates certificates;

    /** Removed from the cluster, and not started until they are members again. */
    private final Set<Integer> removed = new HashSet<>();

    /** The cluster is being asked to remove them, and may have done so. */
    private final Set<Integer> leaving = new HashSet<>();

    /** Were added to a cluster that ran. */
    private final Set<Integer> joined = new HashSet<>();

    private boolean closed;

    private Members(
            List<String> program,
            Path folder,
            @Nullable Cables cables,
            @Nullable Certificates certificates,
            Disks disks,
            boolean clocks) {
        this.program = List.copyOf(program);
        this.folder = folder;
        this.cables = cables;
        this.certificates = certificates;
        this.disks = disks;
        this.clocks = clocks;
    }

    /**
     * Members that do not run yet.
     *
     * @param program what starts a member when etcd's flags are appended; must replace itself by
     *     the member, so that what happens to the process happens to the member
     * @param folder for data, logs and sockets
     */
    public static Members prepare(List<String> program, Path folder, int count, Equipment equipment)
            throws IOException, InterruptedException {
        boolean separated = equipment.separated();
        boolean tls = equipment.tls();
        Disks.removeLeftovers();
        var hosts =
                Stream.concat(
                                Stream.of("127.0.0.1"),
                                IntStream.range(0, count).mapToObj(Cables::address))
                        .toList();
        var members =
                new Members(
                        program,
                        folder,
                        separated ? Cables.lay(count) : null,
                        tls ? Certificates.issue(folder.resolve("pki"), hosts) : null,
                        new Disks(equipment.slowDisks()),
                        equipment.clocks());
        String scheme = tls ? "https://" : "http://";
        if (separated) {
            for (int i = 0; i < count; i++) {
                members.disks.mount(members.data(i));
            }
        }
        for (int i = 0; i < count; i++) {
            members.peers.add(
                    separated
                            ? scheme + Cables.address(i) + ":" + PEER_PORT
                            : scheme + "127.0.0.1:" + FreePorts.next());
            members.processes.add(null);
            members.meantToBeDown.add(i);
        }
        return members;
    }

    /** Whether this process may give members networks of their own: it is root's, on Linux. */
    public static boolean canBeSeparated() {
        return Cables.possible();
    }

    /** Whether members' disks can be made slow here, given that they are separated. */
    public static boolean disksCanBeSlow() {
        return SlowDisks.possible();
    }

    /** Whether members' clocks can be set here. */
    public static boolean clocksCanBeSet() {
        return Clocks.possible();
    }

    public int count() {
        return peers.size();
    }

    public URI client(int i) {
        return URI.create("unix://" + folder.resolve("m" + i + ".sock"));
    }

    /** Where a member keeps its data. */
    public Path data(int i) {
        return folder.resolve("m" + i);
    }

    public synchronized boolean running(int i) {
        Process process = processes.get(i);
        return process != null && process.isAlive();
    }

    /** Starts a member unless it runs, or is none for now. */
    public synchronized void start(int i) throws IOException {
        if (removed.contains(i)) {
            return;
        }
        meantToBeDown.remove(i);
        if (closed || running(i)) {
            return;
        }
        var cluster = new ArrayList<String>();
        for (int m = 0; m < count(); m++) {
            if (!removed.contains(m)) {
                cluster.add(name(m) + "=" + peers.get(m));
            }
        }
        var command = new ArrayList<String>();
        if (cables != null) {
            command.addAll(cables.entering(i));
        }
        command.addAll(program);
        command.addAll(
                List.of("--name", name(i), "--data-dir", data(i).resolve("data").toString()));
        command.addAll(
                List.of(
                        "--listen-client-urls",
                        client(i).toString(),
                        "--advertise-client-urls",
                        client(i).toString(),
                        "--listen-peer-urls",
                        peers.get(i),
                        "--initial-advertise-peer-urls",
                        peers.get(i),
                        "--initial-cluster",
                        String.join(",", cluster),
                        "--initial-cluster-token",
                        "chaos",
                        "--initial-cluster-state",
                        joined.contains(i) ? "existing" : "new",
                        // Low, so that members also catch up by snapshots.
                        "--snapshot-count",
                        "1000"));
        if (certificates != null) {
            command.addAll(certificates.flags());
        }
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(i).toFile()));
        if (clocks) {
            builder.environment().putAll(Clocks.environment(clock(i)));
        }
        Process process = builder.start();
        processes.set(i, process);
        disks.used(data(i), process.pid());
    }

    /** A member's name. */
    public String name(int i) {
        return "m" + i;
    }

    /** Where the others reach a member. */
    public String peerUrl(int i) {
        return peers.get(i);
    }

    private Path clock(int i) {
        return folder.resolve("m" + i + ".clock");
    }

    /** Sets the time of day that a member is told ahead, or back when negative. */
    public void setClock(int i, Duration ahead) throws IOException {
        if (!clocks) {
            throw new IllegalStateException("these members' clocks cannot be set");
        }
        Clocks.set(clock(i), ahead);
    }

    /** Lets a member's disk take so many writes a second; 0: as many as it can. */
    public void slowDisk(int i, int writesPerSecond) throws IOException {
        disks.slow(data(i), writesPerSecond);
    }

    /** The cluster will be asked to remove a member, which ends by itself once it learns of it. */
    public synchronized void leaving(int i) {
        leaving.add(i);
    }

    /** The cluster has removed a member: ends it, and forgets all that it knew. */
    public synchronized void removed(int i) throws IOException, InterruptedException {
        removed.add(i);
        leaving.remove(i);
        kill(i);
        FileTree.remove(data(i).resolve("data"));
    }

    /** The cluster has added a member: it may be started. */
    public synchronized void added(int i) {
        removed.remove(i);
        joined.add(i);
    }

    /** As the power would. */
    public synchronized void kill(int i) throws InterruptedException {
        meantToBeDown.add(i);
        Process process = processes.get(i);
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** What is done to the data of a member that is down. */
    public interface Damage {
        void to(Path data) throws IOException;
    }

    /** {@link #kill}, and damage that is done before anybody starts or replaces the member. */
    public synchronized void kill(int i, Damage damage) throws IOException, InterruptedException {
        kill(i);
        damage.to(data(i));
    }

    /** Stops a member's every thread, until {@link #resume}. */
    public void pause(int i) throws IOException, InterruptedException {
        signal(i, "STOP");
    }

    public void resume(int i) throws IOException, InterruptedException {
        signal(i, "CONT");
    }

    private void signal(int i, String name) throws IOException, InterruptedException {
        Process process;
        synchronized (this) {
            process = processes.get(i);
        }
        if (process != null && process.isAlive()) {
            Cables.command("kill", "-" + name, Long.toString(process.pid())).run();
        }
    }

    /** Leaves a member no space; it may end by itself for that, and is started when it has some. */
    public synchronized void fillDisk(int i) throws IOException, InterruptedException {
        if (cables == null) {
            throw new IllegalStateException("these members share one disk");
        }
        full.add(i);
        excused.add(i);
        Disks.fill(data(i));
    }

    public synchronized void freeDisk(int i) throws IOException {
        Disks.free(data(i));
        full.remove(i);
        if (!meantToBeDown.contains(i)) {
            start(i);
        }
    }

    /** Loses packets between members that were separated; see {@link #prepare}. */
    public void lose(Map<Link, Integer> percent) throws IOException, InterruptedException {
        if (cables == null) {
            throw new IllegalStateException("these members share one network");
        }
        cables.lose(percent);
    }

    /** Starts again what ended although nobody ended it, and remembers that it did. */
    public synchronized void reviveDead() throws IOException {
        for (int i = 0; i < count(); i++) {
            if (!meantToBeDown.contains(i) && !full.contains(i) && !running(i)) {
                if (leaving.contains(i) && toldThatItIsNoMember(i)) {
                    meantToBeDown.add(i);
                    continue;
                }
                if (!excused.remove(i)) {
                    deaths.add(
                            "m"
                                    + i
                                    + " ended by itself; its log ends with: "
                                    + tail(i, TAIL_LINES));
                }
                start(i);
            }
        }
    }

    /** What {@link #reviveDead} found. */
    public synchronized List<String> deaths() {
        return List.copyOf(deaths);
    }

    private Path log(int i) {
        return folder.resolve("m" + i + ".log");
    }

    /**
     * Whether a member's last words are that the cluster does not count it among its members; other
     * threads of it may have logged something while it ended.
     */
    private boolean toldThatItIsNoMember(int i) throws IOException {
        String words = tail(i, TAIL_LINES);
        return NO_MEMBER.stream().anyMatch(words::contains);
    }

    private String tail(int i, int count) throws IOException {
        List<String> lines =
                new String(Files.readAllBytes(log(i)), StandardCharsets.UTF_8).lines().toList();
        return String.join("; ", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    /** Ends all members at once and removes their networks; data and logs stay. */
    public synchronized void end() throws IOException, InterruptedException {
        closed = true;
        for (int i = 0; i < processes.size(); i++) {
            kill(i);
        }
        if (cables != null) {
            try {
                disks.remove();
            } finally {
                cables.remove();
            }
        }
    }
}
