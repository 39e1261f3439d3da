package io.skerry.testbed.hosts;

import io.skerry.base.file.FileTree;
import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A named set of virtual hosts on this machine. Operations that change it expect that the caller
 * runs in {@link #locked}; those that only look do not. Every operation looks at the kernel first,
 * so it may be repeated, and finishes or undoes what a command that died has left.
 */
public final class Playground {
    private static final Duration STOP_LIMIT = Duration.ofMinutes(3);

    /** What is run may be the start or the stop of everything on a host, on a busy machine. */
    private static final Duration RUN_LIMIT = Duration.ofMinutes(5);

    private final PlaygroundName name;
    private final StateDirectory state;
    private final Path directory;
    private final HostImage image;
    private final Cgroups cgroups;
    private final Underlay underlay;
    private final Faults faults;
    private final RelayProcess relay;
    private final boolean forRemoval;
    private List<Host> hosts;

    private Playground(
            PlaygroundName name,
            StateDirectory state,
            HostImage image,
            Cgroups cgroups,
            boolean forRemoval,
            List<Host> hosts) {
        this.name = name;
        this.state = state;
        this.directory = state.of(name);
        this.image = image;
        this.cgroups = cgroups;
        this.underlay = new Underlay(name);
        this.faults = new Faults(name);
        this.relay = new RelayProcess(name, directory, cgroups);
        this.forRemoval = forRemoval;
        this.hosts = hosts;
    }

    /** The playground of that name; without hosts if none was made. Changes nothing. */
    public static Playground open(PlaygroundName name, StateDirectory state, HostImage image)
            throws IOException {
        return new Playground(
                name,
                state,
                image,
                Cgroups.ofMachine(),
                false,
                PlaygroundState.load(state.of(name)).hosts());
    }

    /**
     * The playground of that name as far as {@link #destroy} needs it, which works without knowing
     * the hosts, also if the state cannot be read.
     */
    public static Playground openForRemoval(PlaygroundName name, StateDirectory state)
            throws IOException {
        return new Playground(name, state, HostImage.bare(), Cgroups.ofMachine(), true, List.of());
    }

    /** Something that changes a playground. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Keeps others from changing this playground meanwhile; hosts that they added are known then.
     *
     * @param limit how long to wait for them
     * @param waiting told of the process that is waited for, when there is one
     */
    public void locked(Duration limit, Consumer<String> waiting, Work work)
            throws IOException, InterruptedException {
        PlaygroundLock lock = PlaygroundLock.take(name, limit, waiting);
        try {
            if (!forRemoval) {
                hosts = PlaygroundState.load(directory).hosts();
            }
            work.run();
        } finally {
            lock.close();
        }
    }

    public PlaygroundName name() {
        return name;
    }

    /** Where its state lies; 0700. The caller may keep files of its own in there. */
    public Path directory() {
        return directory;
    }

    public List<Host> hosts() {
        return hosts;
    }

    /** The host meant by a name, address, machine id or unique prefix of one. */
    public Host resolve(String reference) throws PlaygroundException {
        return HostReference.resolve(hosts, reference);
    }

    /** Adds hosts, not started yet, until there are {@code count}. */
    public void grow(int count) throws IOException {
        if (count > Host.MAX_HOSTS) {
            throw new PlaygroundException(
                    "a playground has at most " + Host.MAX_HOSTS + " hosts, not " + count);
        }
        StateDirectory.createPrivate(state.root());
        StateDirectory.createPrivate(directory);
        if (!Files.getFileStore(directory).type().matches("ext[234]|xfs|btrfs|tmpfs|f2fs")) {
            throw new PlaygroundException(
                    directory
                            + " lies on "
                            + Files.getFileStore(directory).type()
                            + ", which cannot hold the roots of hosts: set SKERRY_STATE_DIR to a"
                            + " folder on ext4, xfs, btrfs or tmpfs");
        }
        var all = new ArrayList<>(hosts);
        for (int number = all.size() + 1; number <= count; number++) {
            int[] ports = Ports.choose(name, number, all, Ports::isFree);
            String machineId = UUID.randomUUID().toString().replace("-", "");
            all.add(new Host(number, machineId, ports[0], ports[1]));
        }
        new PlaygroundState(all).save(directory);
        hosts = List.copyOf(all);
        HostFiles.writeScript(script());
        StateDirectory.createPrivate(journals());
        for (Host host : hosts) {
            files(host).prepare(host, hosts, image);
            files(host).linkJournal(host, journals());
            if (state(host) == HostState.RUNNING) {
                install(host, "/etc/hosts", HostFiles.hostsFile(host, hosts), "rw-r--r--");
            }
        }
    }

    /** Writes a file into a host, for now if it runs and for all later boots. */
    public void install(Host host, String path, String text, String permissions)
            throws IOException {
        runtime(host).install(path, text, permissions);
    }

    /** Whether {@link #install} has written that file at any time. */
    public boolean hasInstalled(Host host, String path) {
        return files(host).has(path);
    }

    /** Boots a host unless it runs; returns when its systemd has started everything. */
    public void start(Host host) throws IOException, InterruptedException {
        HostState now = state(host);
        if (now == HostState.RUNNING) {
            return;
        }
        if (now == HostState.FROZEN) {
            throw new PlaygroundException(
                    "host " + host + " is frozen: thaw it with \"host thaw " + host + "\"");
        }
        ensureNetwork();
        runtime(host).boot(script(), image, hidden());
    }

    /** Makes the cables of all hosts, so that several may boot at once. */
    public void ensureNetwork() throws IOException, InterruptedException {
        underlay.ensureSwitch();
        for (Host host : hosts) {
            underlay.ensureHost(host);
        }
    }

    /** Shuts a host down cleanly. */
    public void stop(Host host) throws IOException, InterruptedException {
        runtime(host).stop(STOP_LIMIT);
    }

    /** Cuts a host's power: all of it ends at once, its disk stays. */
    public void kill(Host host) throws IOException, InterruptedException {
        runtime(host).kill();
    }

    /** Stops all processes of a host without their knowing. */
    public void freeze(Host host) throws IOException, InterruptedException {
        runtime(host).freeze();
    }

    public void thaw(Host host) throws IOException, InterruptedException {
        runtime(host).thaw();
    }

    /** Cuts a host off from everything, both ways. */
    public void isolate(Host host) throws IOException, InterruptedException {
        requireNetwork();
        faults.isolate(host);
    }

    /** Cuts two hosts off from each other, both ways. */
    public void partition(Host a, Host b) throws IOException, InterruptedException {
        requireNetwork();
        faults.partition(a, b);
    }

    /** Drops what one host sends to another. */
    public void oneWay(Host from, Host to) throws IOException, InterruptedException {
        requireNetwork();
        faults.oneWay(from, to);
    }

    /** Drops a share of a host's packets, both ways. */
    public void loss(Host host, int percent) throws IOException, InterruptedException {
        requireNetwork();
        faults.loss(host, percent);
    }

    /** Ends all network faults that concern a host. */
    public void heal(Host host) throws IOException, InterruptedException {
        requireNetwork();
        faults.heal(host, hosts);
    }

    private void requireNetwork() throws PlaygroundException {
        if (!underlay.hasSwitch()) {
            throw new PlaygroundException(
                    "playground " + name + " is not up: start it with \"skerry up\"");
        }
    }

    /** Runs a command in a host with this process' own standard streams; gives its exit code. */
    public int exec(Host host, List<String> command) throws IOException, InterruptedException {
        return ForegroundProcess.run(runtime(host).inside(command));
    }

    /** Runs a command in a host and captures what it writes. */
    public Finished run(Host host, String... command) throws IOException, InterruptedException {
        return Command.of(runtime(host).inside(List.of(command))).timeout(RUN_LIMIT).run();
    }

    /** A host's PID 1 as the machine numbers it, while it is up. */
    public Optional<Path> processRoot(Host host) throws IOException {
        var pid = runtime(host).init();
        return pid.isPresent()
                ? Optional.of(Path.of("/proc/" + pid.getAsLong() + "/root"))
                : Optional.empty();
    }

    public HostState state(Host host) throws IOException {
        return runtime(host).state();
    }

    public HostStatus status(Host host) throws IOException, InterruptedException {
        VirtualHost runtime = runtime(host);
        HostState now = runtime.state();
        List<String> wrong = underlay.hasSwitch() ? faults.of(host) : List.of();
        return now == HostState.DOWN
                ? new HostStatus(host, now, 0, 0, wrong)
                : new HostStatus(host, now, runtime.init().orElse(0), runtime.memoryBytes(), wrong);
    }

    /** The folder of a host's journal, readable while the host is down. */
    public Path journal(Host host) {
        return files(host).journal();
    }

    /** A folder in which the journals of all hosts are found, for {@code journalctl -D}. */
    public Path journals() {
        return directory.resolve("journals");
    }

    /** Whether loopback connections are carried to every host now. */
    public boolean relayRuns() {
        return relay.serves(hosts);
    }

    /**
     * Starts the relay of loopback ports unless it runs.
     *
     * @param classPath of this program
     */
    public void ensureRelay(String classPath) throws IOException, InterruptedException {
        relay.ensure(hosts, classPath);
    }

    /**
     * Removes processes, control groups and namespaces of the playground, found by its name, and
     * its files unless they are to be kept for a next time.
     */
    public void destroy(boolean keepFiles) throws IOException, InterruptedException {
        sweep();
        if (!keepFiles) {
            FileTree.remove(directory);
            hosts = List.of();
        }
    }

    private void sweep() throws IOException, InterruptedException {
        cgroups.kill(name.cgroup(), Duration.ofSeconds(60));
        cgroups.remove(name.cgroup());
        cgroups.removeIfEmpty(PlaygroundName.ALL_CGROUPS);
        underlay.removeAll();
    }

    /** Whether anything of it is in the kernel, be it only what a crash has left. */
    public boolean hasRemains() {
        return cgroups.exists(name.cgroup()) || !underlay.namespaces().isEmpty();
    }

    /** Whether it has files, be it only kept ones. */
    public boolean hasFiles() {
        return Files.exists(directory);
    }

    /** Removes what is in the kernel although no state tells of it: left by a command that died. */
    public boolean sweepOrphans() throws IOException, InterruptedException {
        if (!hosts.isEmpty() || !hasRemains()) {
            return false;
        }
        sweep();
        return true;
    }

    /** The names of the playgrounds that have state here. */
    public static Collection<String> list(StateDirectory state) {
        String[] all = state.root().toFile().list();
        return all == null ? List.of() : List.of(all).stream().sorted().toList();
    }

    private Path script() {
        return directory.resolve("host.sh");
    }

    /** Keys of the playground and of the machine's own node are not for the hosts to see. */
    private List<Path> hidden() {
        return List.of(Path.of("/var/lib/skerry"), state.root());
    }

    private HostFiles files(Host host) {
        return new HostFiles(directory.resolve("hosts").resolve(host.name()));
    }

    private VirtualHost runtime(Host host) {
        return new VirtualHost(name, host, files(host), cgroups);
    }
}
