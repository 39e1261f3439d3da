package io.skerry.testbed.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.base.http.BlockingHttp;
import io.skerry.base.http.ListenUrl;
import io.skerry.base.process.Command;
import io.skerry.base.process.Finished;
import io.skerry.fleet.api.FleetApi;
import io.skerry.fleet.ctl.EndpointSource;
import io.skerry.fleet.ctl.FleetCtl;
import io.skerry.fleet.ctl.Surroundings;
import io.skerry.node.playground.PlaygroundApi;
import io.skerry.node.playground.PlaygroundStore;
import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.HostImage;
import io.skerry.testbed.hosts.HostState;
import io.skerry.testbed.hosts.Playground;
import io.skerry.testbed.hosts.PlaygroundName;
import io.skerry.testbed.hosts.StateDirectory;
import io.skerry.testbed.system.Cli;
import io.skerry.testbed.system.Waiting;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Four hosts, three of them members of the store. Units are driven by fleet's command line within
 * this process, which is what {@code skerry fleet} runs, only without the start of a JVM for each
 * call; the hosts run the built program. Every host has the metadata {@code hostname}.
 */
final class Cluster implements AutoCloseable {
    static final int HOSTS = 4;

    /** Long for a quiet machine, since a busy one must not make a test fail. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * Silent for so long, a machine is given up. Three seconds as in the original's tests would do
     * on a machine that is not busy; on one that is, hosts would be given up that only wait for the
     * processor.
     */
    static final Duration LEASE = Duration.ofSeconds(20);

    private static final Duration TICK = Duration.ofMillis(200);

    private static final int TIMED_OUT = 124;
    private static final String NODE = "skerry.service";
    private static final String CONFIG = "/etc/skerry/node.yaml";

    private final Cli skerry;
    private final Playground playground;
    private final EndpointSource endpoints;
    private final Path folder;

    /** Whether something was done to hosts since the last cleaning. */
    private boolean disturbed;

    private Cluster(String name, Cli skerry) throws IOException {
        this.skerry = skerry;
        this.playground =
                Playground.open(
                        new PlaygroundName(name),
                        StateDirectory.of(System.getenv()),
                        HostImage.bare());
        this.endpoints = new PlaygroundApi(name);
        this.folder = Files.createTempDirectory("units");
    }

    static Cluster up() throws IOException, InterruptedException {
        String name = "fleet-" + ProcessHandle.current().pid();
        var skerry = new Cli(name);
        boolean whole = false;
        try {
            skerry.call("up", "--hosts", Integer.toString(HOSTS));
            var cluster = new Cluster(name, skerry);
            cluster.configure();
            whole = true;
            return cluster;
        } finally {
            if (!whole) {
                skerry.run("down");
            }
        }
    }

    private void configure() throws IOException, InterruptedException {
        for (Host host : hosts()) {
            configure(host);
        }
        try {
            awaitHosts();
        } catch (AssertionError e) {
            System.err.println(describe());
            throw e;
        }
    }

    private void configure(Host host) throws IOException, InterruptedException {
        String config = in(host, "cat", CONFIG);
        String fleet =
                """

                fleet:
                  lease-ttl: %ds
                  handover: 5s
                  metadata:
                    hostname: %s
                """
                        .formatted(LEASE.toSeconds(), host.name());
        playground.install(host, CONFIG, config + fleet, "rw-r--r--");
        in(host, "systemctl", "restart", NODE);
    }

    // ---- units

    /**
     * Runs a command of fleet, whatever comes of it; one that waits for too long has failed. One
     * that came at a moment when the store had no leader is given again, which is safe: commands
     * say what shall be.
     */
    Finished run(String... words) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Finished done = runOnce(words);
        while (Cli.cameAtABadMoment(done) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TICK.toNanos());
            done = runOnce(words);
        }
        return done;
    }

    private Finished runOnce(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        var surroundings =
                new Surroundings(
                        "fleetctl",
                        "test",
                        new PrintWriter(out),
                        new PrintWriter(err),
                        Map.of(),
                        folder,
                        endpoints);
        var code = new AtomicInteger(TIMED_OUT);
        var command =
                Thread.ofVirtual()
                        .start(() -> code.set(FleetCtl.run(List.of(words), surroundings)));
        try {
            if (!command.join(PATIENCE)) {
                command.interrupt();
                err.write("did not end within " + PATIENCE);
            }
        } catch (InterruptedException e) {
            command.interrupt();
            Thread.currentThread().interrupt();
        }
        return new Finished(List.of(words), code.get(), out.toString(), err.toString());
    }

    /** Runs a command of fleet that must succeed; gives its output. */
    String fleet(String... words) {
        Finished done = run(words);
        assertThat(done.exitCode())
                .as("fleet " + String.join(" ", words) + ": " + done.stdout() + done.stderr())
                .isZero();
        return done.stdout().strip();
    }

    /** Writes a unit file where the commands find it by its name. */
    String write(String unit, String text) throws IOException {
        Files.writeString(folder.resolve(unit), text);
        return unit;
    }

    /** Takes a file away that {@link #write} has written. */
    void delete(String unit) throws IOException {
        Files.delete(folder.resolve(unit));
    }

    /** Writes a service that runs until it is stopped, with lines for {@code [X-Fleet]}. */
    String writeService(String unit, String... fleetOptions) throws IOException {
        return write(
                unit,
                "[Unit]\nDescription=%n of a test\n[Service]\nExecStart=/bin/sleep infinity\n"
                        + "[X-Fleet]\n"
                        + String.join("\n", fleetOptions)
                        + "\n");
    }

    /** From now on the host's own kernel refuses what it sends to the store, or no longer. */
    void rejectStore(String host, boolean rejects) throws Exception {
        disturbed = true;
        // Adding first makes deleting what is not there no error.
        in(host, "nft", "add table inet rejects");
        in(host, "nft", "delete table inet rejects");
        if (rejects) {
            String chain = "inet rejects out";
            in(host, "nft", "add table inet rejects");
            in(host, "nft", "add chain " + chain + " { type filter hook output priority 0; }");
            in(host, "nft", "add rule " + chain + " tcp dport 2379 reject with tcp reset");
        }
    }

    /** All that systemd says of units, on all machines. */
    List<UnitLine> units() {
        return fleet("list-units", "--full", "--no-legend", "--fields=unit,machine,active,sub,hash")
                .lines()
                .map(UnitLine::parse)
                .toList();
    }

    /** The host on which the unit is active; empty if there is none. */
    List<String> hostsOf(String unit) {
        return units().stream()
                .filter(line -> line.unit().equals(unit) && line.active().equals("active"))
                .map(UnitLine::host)
                .toList();
    }

    /** The only host on which the unit is active, awaited. */
    String hostOf(String unit) throws InterruptedException {
        return Waiting.untilFound(
                        unit + " active on one host",
                        PATIENCE,
                        () -> Optional.of(hostsOf(unit)).filter(hosts -> hosts.size() == 1))
                .getFirst();
    }

    /** What the cluster holds of units: unit, what is wanted, what is. */
    String files() {
        return fleet("list-unit-files", "--no-legend", "--fields=unit,dstate,state");
    }

    /** One value of {@link #files}, e.g. {@code launched}; empty for a unit that is not there. */
    String stateOf(String unit) {
        return files().lines()
                .map(line -> line.split("\\s+", -1))
                .filter(cells -> cells[0].equals(unit))
                .map(cells -> cells[2])
                .findFirst()
                .orElse("");
    }

    /**
     * Requests of fleet's API as one host answers them, when its store does; the target is a path
     * below the API's.
     */
    Reply request(String host, String method, String target, String body)
            throws InterruptedException {
        return Waiting.untilFound(
                method + " " + target + " on " + host,
                PATIENCE,
                () ->
                        Optional.of(requestOnce(host, method, target, body))
                                .filter(reply -> reply.status() != 503));
    }

    /** As {@link #request}, whatever the answer is. */
    Reply requestOnce(String host, String method, String target, String body) throws IOException {
        var found = endpoints.find();
        int port = host(host).fleetPort();
        var url = new ListenUrl.Tcp("127.0.0.1", port, true);
        Map<String, String> headers =
                body.isEmpty() ? Map.of() : Map.of("content-type", "application/json");
        try (var http = new BlockingHttp(url, found.tls(), Duration.ofSeconds(20));
                var response =
                        http.send(
                                method,
                                FleetApi.BASE + target,
                                headers,
                                body.getBytes(StandardCharsets.UTF_8))) {
            return new Reply(response.status(), response.text());
        }
    }

    /** What the API answered. */
    record Reply(int status, String text) {}

    /** Runs etcdctl on the store, which must succeed; gives its output. */
    String etcdctl(String... words) throws IOException, InterruptedException {
        var command = Command.of(with("etcdctl", words)).timeout(PATIENCE);
        for (var variable : PlaygroundStore.environment(playground.name().value()).entrySet()) {
            command = command.environment(variable.getKey(), variable.getValue());
        }
        return command.check().stdout().strip();
    }

    private static List<String> with(String first, String... rest) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(List.of(rest));
        return all;
    }

    // ---- hosts

    /** For what the command line does to hosts. */
    Cli skerry() {
        disturbed = true;
        return skerry;
    }

    /** For faults. */
    Playground playground() {
        disturbed = true;
        return playground;
    }

    /** Keeps units off a host, as if there were one less. */
    void drain(Host host) {
        disturbed = true;
        fleet("drain", host.address());
    }

    List<Host> hosts() {
        return playground.hosts();
    }

    Host host(String name) throws IOException {
        return playground.resolve(name);
    }

    /** Runs a command in a host that must succeed; gives its output. */
    String in(Host host, String... command) throws IOException, InterruptedException {
        return playground.run(host, command).orThrow().stdout().strip();
    }

    /** Runs a command in a host, whatever comes of it. */
    Finished attempt(String host, String... command) throws IOException, InterruptedException {
        return playground.run(host(host), command);
    }

    /** As {@link #in(Host, String...)}, by the host's name. */
    String in(String host, String... command) throws IOException, InterruptedException {
        return in(host(host), command);
    }

    /** What systemd says of a unit's run; another one after it was started again. */
    String runOf(String host, String unit) throws IOException, InterruptedException {
        String run = in(host, "systemctl", "show", "-p", "InvocationID", "--value", unit);
        assertThat(run).as("invocation of " + unit + " on " + host).isNotEmpty();
        return run;
    }

    /** Whether systemd itself has the unit active on that host. */
    boolean runsOn(String host, String unit) throws IOException, InterruptedException {
        return attempt(host, "systemctl", "is-active", unit).succeeded();
    }

    /** Stops the node of a host for good: its units go elsewhere. */
    void stopNode(String host) throws IOException, InterruptedException {
        disturbed = true;
        in(host, "systemctl", "stop", NODE);
    }

    /** Renews the leases that hosts have now, until it is closed. */
    KeptLeases keepLeases(String... hosts) throws IOException, InterruptedException {
        var machineIds = new ArrayList<String>();
        for (String host : hosts) {
            machineIds.add(host(host).machineId());
        }
        return KeptLeases.of(machineIds, this);
    }

    void startNode(String host) throws IOException, InterruptedException {
        in(host, "systemctl", "start", NODE);
    }

    /** The names of the hosts that are in the cluster. */
    List<String> machines() {
        return fleet("list-machines", "--no-legend", "--fields=ip,metadata")
                .lines()
                .map(line -> line.replaceFirst(".*hostname=(\\w+).*", "$1"))
                .sorted()
                .toList();
    }

    void awaitHosts() throws InterruptedException {
        await("all hosts in the cluster", () -> machines().equals(List.of("h1", "h2", "h3", "h4")));
    }

    // ---- waiting, cleaning

    /** Asks again until the answer is true. */
    void await(String what, Callable<Boolean> condition) throws InterruptedException {
        Waiting.until(what, PATIENCE, condition);
    }

    /**
     * Destroys all units; ends all faults and starts what is down if the test has done anything to
     * hosts.
     *
     * @param failed nobody knows what a test that failed has left
     */
    void clean(boolean failed) throws Exception {
        if (failed || disturbed) {
            mend();
            disturbed = false;
        }
        await("no units", this::destroyAll);
        awaitHosts();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private void mend() throws Exception {
        for (Host host : hosts()) {
            if (playground.state(host) == HostState.FROZEN) {
                playground.thaw(host);
            }
            playground.heal(host);
            if (playground.state(host) != HostState.RUNNING) {
                skerry.call("host", "start", host.name());
            }
            in(host, "systemctl", "start", NODE);
        }
        awaitHosts();
        for (String address : drained()) {
            fleet("undrain", address);
        }
    }

    private List<String> drained() {
        return fleet("list-machines", "--no-legend", "--fields=ip,state")
                .lines()
                .filter(line -> !line.contains("ready"))
                .map(line -> line.strip().split("\\s+", -1)[0])
                .toList();
    }

    private boolean destroyAll() {
        if (!files().isEmpty()) {
            fleet("destroy", "*");
        }
        return units().isEmpty() && files().isEmpty();
    }

    /** What there is, for the report of a test that failed. */
    String describe() {
        var text = new ArrayList<String>();
        for (var words :
                List.of(
                        List.of("list-machines", "-o", "wide"),
                        List.of("list-unit-files", "-o", "wide"),
                        List.of("list-units", "-o", "wide"))) {
            var done = runOnce(words.toArray(String[]::new));
            text.add("--- fleet " + String.join(" ", words));
            text.add(done.stdout() + done.stderr());
        }
        try {
            text.add("--- logs");
            text.add(skerry.run("logs", "-n", "150").stdout());
        } catch (IOException e) {
            text.add(String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return String.join("\n", text);
    }

    @Override
    public void close() throws IOException {
        try {
            skerry.run("down");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
