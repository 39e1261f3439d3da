package io.skerry.testbed.hosts;

import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The running side of one host. Its processes are those of its control group; its PID 1 is the one
 * among them that is number 1 in a process namespace directly below ours, so no process id has to
 * be remembered.
 */
final class VirtualHost {
    private static final Duration BOOT_LIMIT = Duration.ofMinutes(3);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofMillis(5);
    private static final int MOST_LOOKS = 5;

    /** Where systemd puts itself: no look at the groups of hundreds of units is needed then. */
    private static final String SYSTEMD_GROUP = "/init.scope";

    private final PlaygroundName playground;
    private final Host host;
    private final HostFiles files;
    private final Cgroups cgroups;

    VirtualHost(PlaygroundName playground, Host host, HostFiles files, Cgroups cgroups) {
        this.playground = playground;
        this.host = host;
        this.files = files;
        this.cgroups = cgroups;
    }

    private String group() {
        return playground.cgroup() + "/" + host.name();
    }

    /**
     * Where the process lies that holds the host's namespaces open from outside. In a pure v2
     * layout it must not share the host's group, which could not have controllers otherwise.
     */
    private String minderGroup() {
        return playground.cgroup() + "/minder-" + host.name();
    }

    HostState state() throws IOException {
        OptionalLong init = init();
        if (init.isEmpty()) {
            return HostState.DOWN;
        }
        if (cgroups.isFrozen(group())) {
            return HostState.FROZEN;
        }
        return isSystemd(init.getAsLong()) ? HostState.RUNNING : HostState.STARTING;
    }

    /**
     * The machine's number for the host's PID 1. It is looked for again while the group has
     * processes: systemd moves itself to a group of its own early in a boot, and a single look
     * would miss it then.
     */
    OptionalLong init() throws IOException {
        OptionalLong init = initAmong(cgroups.ownProcesses(group() + SYSTEMD_GROUP));
        if (init.isPresent()) {
            return init;
        }
        int looks = 0;
        do {
            init = initAmong(cgroups.processes(group()));
        } while (init.isEmpty() && ++looks < MOST_LOOKS && cgroups.isPopulated(group()));
        return init;
    }

    private static OptionalLong initAmong(List<Long> pids) {
        return pids.stream().filter(VirtualHost::isInit).mapToLong(pid -> pid).findFirst();
    }

    long memoryBytes() throws IOException {
        return cgroups.memoryBytes(group());
    }

    private static boolean isInit(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("NSpid:"))
                    .anyMatch(line -> line.matches("NSpid:\\s+\\d+\\s+1\\s*"));
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean isSystemd(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).strip().equals("systemd");
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * Boots the host and returns when its systemd has started everything, or fails with what the
     * console says; then nothing of it is left running.
     */
    void boot(Path script, HostImage image, List<Path> hidden)
            throws IOException, InterruptedException {
        kill(); // what a boot that was cut off may have left
        cgroups.create(group());
        cgroups.createUnified(minderGroup());
        boolean booted = false;
        try {
            launch(script, image, hidden);
            awaitSystemd();
            booted = true;
        } finally {
            if (!booted) {
                kill();
            }
        }
    }

    private void launch(Path script, HostImage image, List<Path> hidden)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", script.toString(), "enter");
        var environment = builder.environment();
        environment.put("HOST_NAME", host.name());
        environment.put("HOST_DIR", files.directory().toString());
        environment.put("HOST_NETNS", playground.hostNamespace(host));
        environment.put("HOST_CGROUPS", lines(cgroups.folders(group())));
        environment.put(
                "HOST_V1",
                cgroups.layout().version1().stream()
                        .map(v1 -> v1.mount().getFileName() + " " + v1.options())
                        .collect(Collectors.joining("\n")));
        environment.put("HOST_HIDE", lines(hidden));
        environment.put("HOST_BINDS", image.binds());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.to(files.console().toFile()));
        Process minder = builder.start();
        // init waits for this word, and ends if we die before it.
        try (var gate = minder.getOutputStream()) {
            var deadline = Deadline.in(BOOT_LIMIT);
            while (init().isEmpty()) {
                if (!minder.isAlive()) {
                    throw failed("its namespaces could not be made");
                }
                deadline.pause(TICK, () -> "host " + host + " got no PID 1");
            }
            cgroups.moveUnified(minder.pid(), minderGroup());
            gate.write("go\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
    }

    private void awaitSystemd() throws IOException, InterruptedException {
        var deadline = Deadline.in(BOOT_LIMIT);
        long pid = init().orElseThrow(() -> failed("its PID 1 ended"));
        Path bus = Path.of("/proc/" + pid + "/root/run/dbus/system_bus_socket");
        while (!isSystemd(pid) || !Files.exists(bus)) {
            if (init().isEmpty()) {
                throw failed("its PID 1 ended");
            }
            deadline.pause(TICK, () -> "host " + host + " has no D-Bus: " + files.consoleTail());
        }
        Finished state = systemState(deadline);
        while (!state.stdout().strip().matches("running|degraded")) {
            if (init().isEmpty()) {
                throw failed("its PID 1 ended");
            }
            String said = state.stdout().strip();
            deadline.pause(TICK, () -> "host " + host + " is still \"" + said + "\"");
            state = systemState(deadline);
        }
    }

    /** Ends when the job queue is empty; fails at once in the first moments of a boot. */
    private Finished systemState(Deadline deadline) throws IOException, InterruptedException {
        return Command.of(inside(List.of("systemctl", "is-system-running", "--wait")))
                .timeout(deadline.left().plusSeconds(1))
                .run();
    }

    private PlaygroundException failed(String what) {
        return new PlaygroundException(
                "host "
                        + host
                        + " did not boot: "
                        + what
                        + "; its console says: "
                        + files.consoleTail());
    }

    /** Shuts down cleanly: systemd stops all units. */
    void stop(Duration limit) throws IOException, InterruptedException {
        OptionalLong pid = init();
        if (pid.isEmpty()) {
            return;
        }
        if (cgroups.isFrozen(group())) {
            throw new PlaygroundException(
                    "host "
                            + host
                            + " is frozen and cannot shut down: thaw it first, or cut its power"
                            + " with \"host kill\"");
        }
        Command.of("bash", "-c", "kill -s RTMIN+4 \"$1\"", "kill", "" + pid.getAsLong()).check();
        var deadline = Deadline.in(limit);
        while (init().isPresent()) {
            deadline.pause(
                    TICK,
                    () -> "host " + host + " did not shut down; cut its power with \"host kill\"");
        }
        kill();
    }

    /** Cuts the power: all processes end at once; returns when none is left. The disk stays. */
    void kill() throws IOException, InterruptedException {
        cgroups.kill(group(), KILL_LIMIT);
        cgroups.kill(minderGroup(), KILL_LIMIT);
    }

    void freeze() throws IOException, InterruptedException {
        requireUp();
        cgroups.freeze(group(), true);
    }

    void thaw() throws IOException, InterruptedException {
        requireUp();
        cgroups.freeze(group(), false);
    }

    private long requireUp() throws IOException {
        return init().orElseThrow(() ->
                new PlaygroundException(
                        "host " + host + " is down: start it with \"host start " + host + "\""));
    }

    /** The command line that runs a command in all namespaces of the host. */
    List<String> inside(List<String> command) throws IOException {
        long pid = requireUp();
        if (cgroups.isFrozen(group())) {
            throw new PlaygroundException(
                    "host " + host + " is frozen: thaw it with \"host thaw " + host + "\"");
        }
        var all = new ArrayList<String>();
        all.addAll(List.of("nsenter", "-t", Long.toString(pid), "-a", "--"));
        all.addAll(List.of("env", "-i", "-C", "/root", "HOME=/root", "USER=root", "LANG=C.UTF-8"));
        all.add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        all.add("TERM=" + System.getenv().getOrDefault("TERM", "dumb"));
        all.addAll(command);
        return all;
    }

    /** Writes a file for this and all later boots. */
    void install(String path, String text, String permissions) throws IOException {
        files.write(path, text, permissions);
        OptionalLong pid = init();
        if (pid.isPresent() && isSystemd(pid.getAsLong())) {
            HostFiles.writeFile(
                    Path.of("/proc/" + pid.getAsLong() + "/root"), path, text, permissions);
        }
    }

    private static String lines(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining("\n"));
    }
}
