package io.skerry.node.containers;

import io.skerry.containers.image.ImageName;
import io.skerry.containers.run.ContainerException;
import io.skerry.containers.run.ContainerName;
import io.skerry.containers.run.ContainerSpec;
import io.skerry.containers.run.ContainerUnit;
import io.skerry.containers.run.OnDemand;
import io.skerry.containers.run.PublishedPort;
import io.skerry.containers.run.Volume;
import io.skerry.node.containers.Cluster.Machine;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a container as a unit of the cluster. */
@Command(
        name = "run",
        description = "Run a container as a unit of systemd and fleet.",
        customSynopsis = "skerry run [FLAGS] IMAGE [CMD [ARGUMENTS]]",
        footer = {
            "",
            "Asked on a host, it runs there; asked from elsewhere, where fleet places it. What"
                    + " fleet",
            "places is NAME.service and has its name in the whole cluster. What is bound to a host",
            "has its name on that host alone, and another container may have it on another; its",
            "unit is NAME@MACHINE.service.",
            "",
            "Examples:",
            "  skerry run --name web -p 8080:80 busybox httpd -f -h /www",
            "  skerry run --memory 64M --cpus 0.5 --restart busybox sleep 1000",
            "  skerry run --on-demand -p 8080:80 busybox httpd -f -h /etc",
            "  skerry run --rm busybox echo hello"
        })
public final class RunCommand extends ClusterCommand {
    private static final Duration MOST_PATIENCE = Duration.ofHours(1);
    private static final int USUAL_IDLE_SECONDS = 60;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "The image.")
    private String image = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "CMD",
            description = "What runs (default: as the image says). All behind IMAGE is its own.")
    private List<String> command = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What it is called (default: the image and some letters).")
    private @Nullable String name;

    @Option(
            names = {"-e", "--env"},
            paramLabel = "K=V",
            description = "A variable of its environment; may be repeated.")
    private List<String> environment = List.of();

    @Option(
            names = {"-v", "--volume"},
            paramLabel = "HOST:CTR[:ro]",
            description = "A folder or file of the host that it sees; may be repeated.")
    private List<String> volumes = List.of();

    @Option(
            names = {"-p", "--publish"},
            paramLabel = "HOST:CTR[/udp]",
            description = "A port of the host that leads to one of its own; may be repeated.")
    private List<String> ports = List.of();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Most memory, e.g. 64M; with more it is killed.")
    private @Nullable String memory;

    @Option(names = "--cpus", paramLabel = "N", description = "Most processors, e.g. 0.5.")
    private @Nullable Double cpus;

    @Option(names = "--user", paramLabel = "USER[:GROUP]", description = "Who it runs as.")
    private String user = "";

    @Option(names = "--workdir", paramLabel = "DIR", description = "Where it begins.")
    private String directory = "";

    @ArgGroup private Where where = new Where();

    /** At most one of them can be given. */
    private static final class Where {
        @Option(names = "--host", paramLabel = "HOST", description = "The only host it may run on.")
        private @Nullable String host;

        @Option(
                names = "--anywhere",
                description = "Any host may run it, as is usual from outside of the hosts.")
        private boolean anywhere;
    }

    @Option(names = "--restart", description = "Start it again whenever it ends.")
    private boolean restart;

    @Option(
            names = "--stop-timeout",
            paramLabel = "SECONDS",
            description = "From SIGTERM to SIGKILL (default: ${DEFAULT-VALUE}).",
            defaultValue = "10")
    private int stopTimeout = 10;

    @Option(
            names = "--on-demand",
            description =
                    "Start it at the first connection to its port, and stop it when there has been"
                            + " none for --idle.")
    private boolean onDemand;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            description = "For how long a container on demand stays without one (default: 60).")
    private @Nullable Integer idle;

    @ArgGroup private Patience patience = new Patience();

    /** At most one of them can be given. */
    private static final class Patience {
        @Option(
                names = {"-d", "--detach"},
                description = "Return when it has been started, as is usual without --rm.")
        @SuppressWarnings("UnusedVariable") // what it asks for is done unless --rm is given
        private boolean detach;

        @Option(
                names = "--rm",
                description =
                        "Show its output, wait for its end, and destroy its unit; exits as it did.")
        private boolean remove;
    }

    @Override
    void check() {
        unit(containerName(), List.of());
    }

    @Override
    int run(Cluster cluster) throws IOException, InterruptedException {
        ContainerName called = containerName();
        Optional<Machine> bound = bound(cluster);
        ContainerUnit unit =
                bound.isEmpty()
                        ? unit(called, List.of())
                        : unit(
                                ContainerName.ofHost(called.value(), bound.get().id()),
                                List.of(new UnitOption("X-Fleet", "MachineID", bound.get().id())));
        List<KnownContainer> known = KnownContainer.all(cluster);
        refuseTaken(cluster, unit, known);
        if (bound.isPresent()) {
            refuseTakenPorts(bound.get(), known);
        }
        ImageStock.of(cluster, bound.map(List::of).orElse(cluster.machines())).require(image);
        if (patience.remove) {
            return new ForegroundRun(cluster, unit.name(), out(), err())
                    .run(said -> start(cluster, unit, said, said));
        }
        return onDemand ? startSocket(cluster, unit) : start(cluster, unit, out(), err());
    }

    /** The only host that may run it. */
    private Optional<Machine> bound(Cluster cluster) throws IOException {
        Optional<String> named = Optional.ofNullable(where.host);
        if (named.isEmpty() && !where.anywhere) {
            named = cluster.here();
        }
        return named.isEmpty() ? Optional.empty() : Optional.of(cluster.machine(named.get()));
    }

    /** Where it may run on other hosts as well, that one finds out. */
    private void refuseTakenPorts(Machine host, List<KnownContainer> known) throws IOException {
        for (PublishedPort port : publishedPorts()) {
            for (KnownContainer other : known) {
                if (other.machineId().equals(host.id()) && other.has(port)) {
                    throw new IOException(
                            "port "
                                    + port.host()
                                    + " of "
                                    + host.name()
                                    + " leads to container "
                                    + other.name()
                                    + " already; publish another");
                }
            }
        }
    }

    private List<PublishedPort> publishedPorts() {
        try {
            var published = new ArrayList<PublishedPort>();
            for (String port : ports) {
                published.add(PublishedPort.parse(port));
            }
            return published;
        } catch (ContainerException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private void refuseTaken(Cluster cluster, ContainerUnit unit, List<KnownContainer> known)
            throws IOException {
        ContainerName name = unit.name();
        var names = new ContainerNames(known, cluster.here());
        Optional<KnownContainer> rival = names.rival(name);
        if (rival.isPresent()) {
            throw new IOException(
                    "there is a container "
                            + rival.get().name()
                            + (rival.get().isOfOneHost()
                                    ? " on " + rival.get().host()
                                    : ", whose name is the whole cluster's")
                            + " already; choose another name, or remove it with \"skerry stop"
                            + " --rm "
                            + rival.get().reference()
                            + "\"");
        }
        List<String> own =
                onDemand
                        ? List.of(name.unit(), OnDemand.proxyOf(name), OnDemand.socketOf(name))
                        : List.of(name.unit());
        // Any unit, also one that runs no container: "start" would start it instead.
        for (var other : cluster.list("units", "units")) {
            String taken = other.path("name").asText();
            if (own.contains(taken)) {
                throw new IOException(
                        "there is a unit "
                                + taken
                                + " already; choose another name, or destroy it with"
                                + " \"skerry fleet destroy "
                                + taken
                                + "\"");
            }
        }
    }

    /** The socket unit runs from now on; the others are where it is and wait for it. */
    private int startSocket(Cluster cluster, ContainerUnit unit) throws IOException {
        try {
            PublishedPort port = publishedPorts().getFirst();
            int seconds = idle == null ? USUAL_IDLE_SECONDS : idle;
            var units = new OnDemand(unit, port, Duration.ofSeconds(seconds));
            int loaded = withFiles(cluster, out(), err(), "load", units.files());
            return loaded != 0
                    ? loaded
                    : cluster.fleet(out(), err(), "start", OnDemand.socketOf(unit.name()));
        } catch (ContainerException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private int start(Cluster cluster, ContainerUnit unit, PrintWriter out, PrintWriter err)
            throws IOException {
        try {
            return withFiles(cluster, out, err, "start", Map.of(unit.name().unit(), unit.file()));
        } catch (ContainerException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    /** One of fleet's commands with units, which it reads from files. */
    private static int withFiles(
            Cluster cluster,
            PrintWriter out,
            PrintWriter err,
            String command,
            Map<String, UnitFile> units)
            throws IOException {
        Path folder = Files.createTempDirectory("skerry-run");
        var words = new ArrayList<>(List.of(command));
        try {
            for (var unit : units.entrySet()) {
                Path file = folder.resolve(unit.getKey());
                words.add(file.toString());
                Files.writeString(file, unit.getValue().serialize());
            }
            return cluster.fleet(out, err, words.toArray(String[]::new));
        } finally {
            for (String file : words.subList(1, words.size())) {
                Files.deleteIfExists(Path.of(file));
            }
            Files.delete(folder);
        }
    }

    private ContainerUnit unit(ContainerName container, List<UnitOption> fleet) {
        checkTogether();
        if (stopTimeout < 1 || stopTimeout > MOST_PATIENCE.toSeconds()) {
            throw wrong(
                    "--stop-timeout is "
                            + stopTimeout
                            + " and must be from 1 to "
                            + MOST_PATIENCE.toSeconds());
        }
        try {
            var shown = new ArrayList<Volume>();
            for (String volume : volumes) {
                shown.add(Volume.parse(volume));
            }
            var variables = new ArrayList<String>();
            for (String variable : environment) {
                variables.add(ContainerSpec.variable(variable));
            }
            var spec =
                    new ContainerSpec(
                            ContainerSpec.imageName(image),
                            plain(command),
                            variables,
                            shown,
                            onDemand ? List.of() : publishedPorts(),
                            user,
                            directory);
            return new ContainerUnit(
                    container,
                    spec,
                    memoryBytes(),
                    cpuPercent(),
                    restart,
                    Duration.ofSeconds(stopTimeout),
                    fleet);
        } catch (ContainerException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private void checkTogether() {
        if ((patience.remove && restart) || (onDemand && (patience.remove || restart))) {
            throw wrong("of --rm, --restart and --on-demand only one can be given");
        }
        if (onDemand && (ports.size() != 1 || ports.getFirst().endsWith("/udp"))) {
            throw wrong("--on-demand needs exactly one port of TCP, as in -p 8080:80");
        }
        if (idle != null && (!onDemand || idle < 1 || idle > MOST_PATIENCE.toSeconds())) {
            throw wrong(
                    "--idle is "
                            + idle
                            + " and must be from 1 to "
                            + MOST_PATIENCE.toSeconds()
                            + ", together with --on-demand");
        }
    }

    private ContainerName containerName() {
        String chosen = name;
        if (chosen == null) {
            ImageName of = ImageArguments.check(this, image);
            String last = of.value().replaceAll(".*/", "").replaceAll(":.*", "");
            chosen = last + "-" + Integer.toHexString(new SecureRandom().nextInt(0x1000, 0x10000));
        }
        try {
            var container = new ContainerName(chosen);
            if (container.isInstance()) {
                throw wrong(
                        "--name is '"
                                + chosen
                                + "' and must be without '@', which tells hosts apart; say which"
                                + " host with --host");
            }
            return container;
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private long memoryBytes() {
        if (memory == null) {
            return 0;
        }
        var parts = java.util.regex.Pattern.compile("([0-9]{1,12})([KMGT]?)").matcher(memory);
        if (parts.matches()) {
            int shift = "KMGT".indexOf(parts.group(2)) * 10 + 10;
            long bytes = Long.parseLong(parts.group(1)) << (parts.group(2).isEmpty() ? 0 : shift);
            if (bytes >= ContainerUnit.LEAST_MEMORY_BYTES) {
                return bytes;
            }
        }
        throw wrong(
                "--memory is '"
                        + memory
                        + "' and must be a number of bytes, or one with K, M, G or"
                        + " T, and at least "
                        + (ContainerUnit.LEAST_MEMORY_BYTES >> 20)
                        + "M, which starting takes");
    }

    private int cpuPercent() {
        if (cpus == null) {
            return 0;
        }
        long percent = Math.round(cpus * 100);
        if (percent < 1 || percent > 100_000) {
            throw wrong("--cpus is " + cpus + " and must be from 0.01 to 1000");
        }
        return (int) percent;
    }
}
