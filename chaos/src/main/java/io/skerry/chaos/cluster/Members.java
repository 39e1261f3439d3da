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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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

    /** How long one may still end for its full disk after it has space again. */
    private static final Duration EXCUSE = Duration.ofMinutes(1);

    /** Last words of one that was removed while it ran, or before it had joined. */
    private static final List<String> NO_MEMBER =
            List.of("has been permanently removed from the cluster", "validating peerURLs");

    private final List<String> program;
    private final Path folder;
    private final @Nullable Cables cables;
    private final List<String> peers = new ArrayList<>();
    private final List<@Nullable Life> lives = new ArrayList<>();
    private final Set<Integer> meantToBeDown = new HashSet<>();
    private final List<String> deaths = new ArrayList<>();
    private final Set<Integer> full = new HashSet<>();

    /** Their disks were full while they ran: until when on {@link System#nanoTime} each may end. */
    private final Map<Integer, Long> excused = new HashMap<>();

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

    /**
     * From one start of a member to its end.
     *
     * @param logStart how long its log was before
     * @param end when it ended, on {@link System#nanoTime}
     */
    private record Life(Process process, long logStart, CompletableFuture<Long> end) {
        static Life of(Process process, long logStart) {
            return new Life(process, logStart, process.onExit().thenApply(_ -> System.nanoTime()));
        }

        boolean endedBefore(long nanoTime) {
            return end.getNow(System.nanoTime()) - nanoTime < 0;
        }
    }

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
            members.lives.add(null);
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
        Life life = lives.get(i);
        return life != null && life.process().isAlive();
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
        long logStart = Files.exists(log(i)) ? Files.size(log(i)) : 0;
        Process process = builder.start();
        lives.set(i, Life.of(process, logStart));
        excused.remove(i);
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
        Life life = lives.get(i);
        if (life != null) {
            life.process().destroyForcibly().waitFor();
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
        Life life;
        synchronized (this) {
            life = lives.get(i);
        }
        if (life != null && life.process().isAlive()) {
            Cables.command("kill", "-" + name, Long.toString(life.process().pid())).run();
        }
    }

    /**
     * Leaves a member no space; it may end by itself for that, also a moment after it has some
     * again, and is started then.
     */
    public synchronized void fillDisk(int i) throws IOException, InterruptedException {
        if (cables == null) {
            throw new IllegalStateException("these members share one disk");
        }
        full.add(i);
        Disks.fill(data(i));
    }

    public synchronized void freeDisk(int i) throws IOException {
        Disks.free(data(i));
        if (full.remove(i) && running(i)) {
            excused.put(i, System.nanoTime() + EXCUSE.toNanos());
        }
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
            Life life = lives.get(i);
            if (life == null || life.process().isAlive()) {
                continue;
            }
            if (!meantToBeDown.contains(i) && !full.contains(i)) {
                String words = lastWords(i, life);
                if (leaving.contains(i) && NO_MEMBER.stream().anyMatch(words::contains)) {
                    meantToBeDown.add(i);
                    continue;
                }
                Long until = excused.get(i);
                if (until == null || !life.endedBefore(until)) {
                    deaths.add("m" + i + " ended by itself; its log ends with: " + words);
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
     * The end of what a member logged in one life; other threads of it may have logged something
     * after the reason of its end.
     */
    private String lastWords(int i, Life life) throws IOException {
        byte[] all = Files.readAllBytes(log(i));
        int start = Math.toIntExact(life.logStart());
        var text = new String(all, start, all.length - start, StandardCharsets.UTF_8);
        List<String> lines = text.lines().toList();
        return String.join(
                "; ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    /** Ends all members at once and removes their networks; data and logs stay. */
    public synchronized void end() throws IOException, InterruptedException {
        closed = true;
        for (int i = 0; i < count(); i++) {
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
