package io.skerry.testbed.hosts;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The process of a playground that carries loopback connections to the hosts, found and ended by
 * its control group. It outlives the command that starts it.
 */
final class RelayProcess {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(60);

    private final PlaygroundName playground;
    private final Path log;
    private final Cgroups cgroups;

    RelayProcess(PlaygroundName playground, Path directory, Cgroups cgroups) {
        this.playground = playground;
        this.log = directory.resolve("relay.log");
        this.cgroups = cgroups;
    }

    private String group() {
        return playground.cgroup() + "/relay";
    }

    /** Whether a relay runs that serves all these hosts. */
    boolean serves(List<Host> hosts) {
        List<String> wanted = arguments(hosts);
        return cgroups.processes(group()).stream()
                .anyMatch(pid -> commandLine(pid).containsAll(wanted));
    }

    /**
     * Starts the relay, or one with all hosts in place of one with fewer; returns when it listens.
     *
     * @param classPath of this program, where it stays for as long as the playground lives
     */
    void ensure(List<Host> hosts, String classPath) throws IOException, InterruptedException {
        if (serves(hosts)) {
            return;
        }
        stop();
        cgroups.createUnified(group());
        var command = new ArrayList<String>();
        Path procs = cgroups.layout().unified().resolve(group()).resolve("cgroup.procs");
        command.addAll(
                List.of(
                        "bash",
                        "-c",
                        "echo $$ >\"$1\"; shift; exec setsid \"$@\"",
                        "relay",
                        procs.toString()));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx24m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        RelayMain.class.getName()));
        command.addAll(arguments(hosts));
        var builder = new ProcessBuilder(command);
        builder.directory(new File("/"));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectError(ProcessBuilder.Redirect.to(log.toFile()));
        Process process = builder.start();
        try (var output =
                new BufferedReader(
                        new InputStreamReader(
                                process.getInputStream(), StandardCharsets.US_ASCII))) {
            if (!Objects.equals(output.readLine(), "ready")) {
                throw new PlaygroundException(
                        "the relay of the loopback ports did not start: " + lastLine());
            }
        }
    }

    void stop() throws IOException, InterruptedException {
        cgroups.kill(group(), KILL_LIMIT);
    }

    private List<String> arguments(List<Host> hosts) {
        var all = new ArrayList<>(List.of("--playground", playground.value()));
        RelayRoute.of(hosts).forEach(route -> all.add(route.argument()));
        return all;
    }

    private static List<String> commandLine(long pid) {
        try {
            return List.of(Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0", -1));
        } catch (IOException gone) {
            return List.of();
        }
    }

    private String lastLine() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "it said nothing" : lines.getLast();
        } catch (IOException e) {
            return log + " cannot be read";
        }
    }
}
