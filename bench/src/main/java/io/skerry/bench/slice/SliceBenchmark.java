package io.skerry.bench.slice;

import com.fasterxml.jackson.databind.JsonNode;
import io.skerry.base.http.BlockingHttp;
import io.skerry.bench.slice.PlaygroundUnderTest.UnitState;
import io.skerry.bench.store.BenchException;
import io.skerry.bench.store.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes a playground, measures it and removes it. One thread; {@link #close} may come from another.
 */
public final class SliceBenchmark implements AutoCloseable {
    private static final String PATTERN = "slice-*.service";
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** After this long nothing moves any more that a lease or its grace could still move. */
    private static final Duration SETTLED = SlicePlan.LEASE.plusSeconds(5);

    private static final double UP_SECONDS = 20;
    private static final double RESIDENT_MIB = 220;
    private static final double START_MILLIS = 400;
    private static final double FAILOVER_SECONDS = SlicePlan.LEASE.toSeconds() + 1.5;

    private final SlicePlan plan;
    private final PlaygroundUnderTest playground;
    private final Path folder;
    private final Consumer<String> progress;
    private final List<Figure> figures = new ArrayList<>();

    /**
     * Prepares; nothing is started yet.
     *
     * @param launcher the built program
     * @param folder for unit files, removed by the caller
     */
    public SliceBenchmark(SlicePlan plan, Path launcher, Path folder, Consumer<String> progress) {
        this.plan = plan;
        this.playground = new PlaygroundUnderTest(launcher, plan.playground());
        this.folder = folder;
        this.progress = progress;
    }

    /** Measures everything. */
    public SliceReport run() throws IOException, InterruptedException, BenchException {
        if (playground.run("host", "list").succeeded()) {
            throw new BenchException(
                    "there is a playground "
                            + plan.playground()
                            + " already; remove it with \"./skerry --playground "
                            + plan.playground()
                            + " down\"");
        }
        up();
        idle();
        start();
        powerCut("of a follower's host", false);
        powerCut("of the leader's host", true);
        steady();
        return new SliceReport(Machine.of(folder), List.copyOf(figures));
    }

    /** From nothing to three hosts that answer, program built. */
    private void up() throws IOException, InterruptedException, BenchException {
        var seconds = new ArrayList<Double>();
        for (int round = 0; round < plan.rounds(); round++) {
            if (round > 0) {
                playground.call("down");
            }
            long begin = System.nanoTime();
            playground.call("up", "--hosts", Integer.toString(SlicePlan.MEMBERS));
            seconds.add(secondsSince(begin));
        }
        add(Figure.median("up, three hosts ready", "s", seconds, UP_SECONDS));
    }

    private void idle() throws IOException, InterruptedException, BenchException {
        progress.accept("leaving it alone for " + plan.idle().toSeconds() + " s");
        Thread.sleep(plan.idle());
        var resident = new ArrayList<Double>();
        for (String host : playground.hosts().keySet()) {
            String kibibytes =
                    playground.inHost(
                            host,
                            "awk '/VmRSS/{print $2}' /proc/$(systemctl show -p MainPID --value"
                                    + " skerry.service)/status");
            resident.add(Double.parseDouble(kibibytes) / 1024);
        }
        add(Figure.worst("resident memory of the node, worst host", "MiB", resident, RESIDENT_MIB));
    }

    /** The whole command, start of the program included, until systemd says that the unit runs. */
    private void start() throws IOException, InterruptedException, BenchException {
        var millis = new ArrayList<Double>();
        for (int round = 0; round < Math.max(5, plan.rounds()); round++) {
            String file = unitFile("slice-one-" + round);
            long begin = System.nanoTime();
            playground.call("fleet", "start", file);
            millis.add(secondsSince(begin) * 1000);
        }
        playground.call("fleet", "destroy", PATTERN);
        add(
                Figure.median(
                        "fleet start until active, command included", "ms", millis, START_MILLIS));
    }

    private void powerCut(String whose, boolean leads)
            throws IOException, InterruptedException, BenchException {
        startUnits(SlicePlan.MEMBERS);
        String leader = playground.leader();
        Map<String, JsonNode> hosts = playground.hosts();
        String victim =
                leads
                        ? leader
                        : hosts.keySet().stream()
                                .filter(host -> !host.equals(leader))
                                .sorted()
                                .findFirst()
                                .orElseThrow();
        String survivor =
                hosts.keySet().stream()
                        .filter(host -> !host.equals(victim))
                        .sorted()
                        .findFirst()
                        .orElseThrow();
        JsonNode told = Objects.requireNonNull(hosts.get(victim));
        String machine = told.path("machineId").asText();
        Path pid = Path.of("/proc", told.path("pid").asText());
        try (var api = playground.apiOf(survivor)) {
            var lost =
                    PlaygroundUnderTest.states(api).entrySet().stream()
                            .filter(unit -> unit.getValue().machineId().equals(machine))
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toSet());
            var killer = Thread.ofVirtual().start(() -> kill(victim));
            await("the end of " + victim, () -> !Files.exists(pid));
            long cut = System.nanoTime();
            await(
                    "units of " + victim + " elsewhere",
                    () -> {
                        Map<String, UnitState> now = PlaygroundUnderTest.states(api);
                        return lost.stream().allMatch(unit -> runsElsewhere(now, unit, machine));
                    });
            add(
                    Figure.worst(
                            "power cut " + whose + ": its " + lost.size() + " units run elsewhere",
                            "s",
                            List.of(secondsSince(cut)),
                            FAILOVER_SECONDS));
            killer.join();
        }
        playground.call("host", "start", victim);
        playground.call("fleet", "destroy", PATTERN);
    }

    private void kill(String host) {
        try {
            playground.call("host", "kill", host);
        } catch (IOException | BenchException | InterruptedException e) {
            progress.accept("cutting the power failed: " + e.getMessage());
        }
    }

    private static boolean runsElsewhere(Map<String, UnitState> now, String unit, String machine) {
        UnitState state = now.get(unit);
        return state != null
                && !state.machineId().equals(machine)
                && state.active().equals("active");
    }

    /** With one host more, which is no member: its agent lives on while the store is frozen. */
    private void steady() throws IOException, InterruptedException, BenchException {
        int count = SlicePlan.MEMBERS + 1;
        playground.call("up", "--hosts", Integer.toString(count));
        startUnits(count);
        var hosts = playground.hosts().keySet().stream().sorted().toList();
        var before = Steadiness.of(playground, hosts, PATTERN);

        progress.accept("killing the node of every host in turn");
        for (String host : hosts) {
            playground.inHost(host, "systemctl kill -s KILL skerry.service");
            awaitStates(host, before.runs().size());
        }
        addDisturbed("units disturbed by killing every agent in turn", before, hosts);

        progress.accept("freezing the store for " + plan.freeze().toSeconds() + " s");
        var members = hosts.subList(0, SlicePlan.MEMBERS);
        for (String host : members) {
            signalNode(host, "STOP");
        }
        Thread.sleep(plan.freeze());
        for (String host : members) {
            signalNode(host, "CONT");
        }
        for (String host : hosts) {
            awaitStates(host, before.runs().size());
        }
        addDisturbed(
                "units disturbed by a store frozen for " + plan.freeze().toSeconds() + " s",
                before,
                hosts);
    }

    private void signalNode(String host, String signal)
            throws IOException, InterruptedException, BenchException {
        playground.inHost(
                host, "kill -" + signal + " $(systemctl show -p MainPID --value skerry.service)");
    }

    private void addDisturbed(String name, Steadiness before, List<String> hosts)
            throws IOException, InterruptedException, BenchException {
        progress.accept("waiting for what might still move");
        Thread.sleep(SETTLED);
        var disturbed = Steadiness.of(playground, hosts, PATTERN).disturbedSince(before);
        add(
                Figure.worst(
                        name + ", of " + before.runs().size(),
                        "",
                        List.of((double) disturbed.size()),
                        0));
    }

    /** As many units on each host as the plan says; fleet spreads them evenly. */
    private void startUnits(int hosts) throws IOException, InterruptedException, BenchException {
        int count = plan.units() * hosts;
        progress.accept("starting " + count + " units");
        var words = new ArrayList<>(List.of("fleet", "--request-timeout=30", "start"));
        for (int number : IntStream.range(0, count).toArray()) {
            words.add(unitFile("slice-" + number));
        }
        playground.call(words.toArray(String[]::new));
    }

    private void awaitStates(String host, int units)
            throws IOException, InterruptedException, BenchException {
        try (BlockingHttp api = playground.apiOf(host)) {
            await(
                    "fleet on " + host,
                    () ->
                            PlaygroundUnderTest.states(api).values().stream()
                                            .filter(state -> state.active().equals("active"))
                                            .count()
                                    >= units);
        }
    }

    private String unitFile(String name) throws IOException {
        Path file = folder.resolve(name + ".service");
        Files.writeString(
                file, "[Unit]\nDescription=sleeps\n[Service]\nExecStart=/bin/sleep infinity\n");
        return file.toString();
    }

    private static void await(String what, BooleanSupplier condition)
            throws InterruptedException, BenchException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                throw new BenchException(
                        what + " did not come within " + LONGEST.toSeconds() + " s");
            }
            Thread.sleep(10);
        }
    }

    private void add(Figure figure) {
        figures.add(figure);
        progress.accept(SliceReport.line(figure));
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Removes the playground, whatever state it is in. */
    @Override
    public void close() throws IOException {
        try {
            playground.run("down");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
