package io.skerry.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.fleet.agent.Observed;
import io.skerry.fleet.model.ClusterSnapshot;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.PlacementReason;
import io.skerry.fleet.model.PlacementReason.NoMachineFits;
import io.skerry.fleet.model.Rebalance;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.Unit;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.KeyRange;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.Rollout;
import io.skerry.fleet.store.StoreRegistry;
import io.skerry.fleet.store.SubmitOutcome;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitFileException;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cluster in virtual time: one store, several hosts with the real engine and agent cores, a user.
 * Whatever is random comes from the seed. Watches at every start that nothing runs twice.
 */
final class Simulation {
    /**
     * How long the units of a host that was frozen for longer than its lease may go on, once a
     * store is there that can tell it so.
     */
    private static final Duration AFTER_THAW = Duration.ofSeconds(8);

    final VirtualTime time = new VirtualTime();
    final SimStore store;
    final Keys keys = new Keys(Keys.DEFAULT_PREFIX);
    final StoreRegistry registry;
    final List<SimHost> hosts = new ArrayList<>();

    /** How likely each request, and each answer, gets lost. */
    double lossRate;

    /** How likely each action of an agent fails. */
    double failureRate;

    /** Whether units are never to ask, at any start, for more than their host has. */
    boolean neverOverloaded;

    private final Random random;
    private final Map<SimMachine, Duration> thawed = new HashMap<>();
    private final List<String> story = new ArrayList<>();
    private final Map<UnitName, Integer> starts = new HashMap<>();
    private int stops;
    private int gaps;
    private long movesFrom;

    Simulation(long seed) {
        this(seed, true);
    }

    Simulation(long seed, boolean storeClockStopsWhenFrozen) {
        random = new Random(seed);
        store = new SimStore(time, storeClockStopsWhenFrozen);
        registry = new StoreRegistry(store.data, keys);
    }

    // ---- set-up and the user

    Simulation hosts(int count) {
        for (int i = 0; i < count; i++) {
            int number = hosts.size() + 1;
            var metadata = new TreeMap<String, String>();
            metadata.put("disk", number % 2 == 0 ? "ssd" : "hdd");
            metadata.put("zone", "z" + number % 3);
            var host = new SimHost(this, "host" + number, "10.0.0." + number, metadata);
            hosts.add(host);
            host.powerOn();
        }
        return this;
    }

    SimHost host(int number) {
        return hosts.get(number - 1);
    }

    Simulation launch(String name, String... fleetOptions) {
        return submit(name, TargetState.LAUNCHED, 1, fleetOptions);
    }

    Simulation submit(String name, TargetState state, int version, String... fleetOptions) {
        String text =
                "[Service]\nExecStart=/bin/sleep "
                        + version
                        + "\n\n[X-Fleet]\n"
                        + String.join("\n", fleetOptions)
                        + "\n";
        tell("user submits " + name + " " + state + " " + String.join(" ", fleetOptions));
        return submitText(name, text, (unit, file) -> registry.submit(unit, file, state, true));
    }

    List<Rebalance.Move> rebalance() {
        tell("user rebalances");
        var moves = new ArrayList<Rebalance.Move>();
        store.serve(() -> {
            try {
                moves.addAll(registry.rebalance());
            } catch (RegistryException e) {
                throw new AssertionError(e);
            }
        });
        return moves;
    }

    /** Has units get a new version in turn, in this order. */
    Simulation replaceInTurn(String rollout, String command, List<String> names) {
        tell("user replaces " + names + " by " + command + ", one after the other");
        for (String name : names) {
            submitText(
                    name,
                    "[Service]\nExecStart=" + command + "\n",
                    (unit, file) ->
                            registry.submitInTurn(
                                    unit,
                                    file,
                                    TargetState.LAUNCHED,
                                    new Rollout(rollout, names.indexOf(name))));
        }
        return this;
    }

    /** Starts a unit that runs for four seconds and has finished then. */
    Simulation oneshot(String name, String... fleetOptions) {
        tell("user starts oneshot " + name);
        return submitText(
                name,
                "[Service]\nType=oneshot\nExecStart=/bin/job\n[X-Fleet]\n"
                        + String.join("\n", fleetOptions)
                        + "\n",
                (unit, file) -> registry.submit(unit, file, TargetState.LAUNCHED, true));
    }

    private interface Submission {
        SubmitOutcome submit(UnitName unit, UnitFile file)
                throws InvalidUnitException, RegistryException;
    }

    private Simulation submitText(String name, String text, Submission submission) {
        store.serve(() -> {
            try {
                submission.submit(new UnitName(name), UnitFile.parse(name, text));
            } catch (InvalidUnitException | UnitFileException | RegistryException e) {
                throw new AssertionError(e);
            }
        });
        return this;
    }

    Simulation target(String name, TargetState state) {
        tell("user wants " + name + " " + state);
        store.serve(() -> {
            try {
                registry.setTargetState(new UnitName(name), state);
            } catch (InvalidUnitException | RegistryException e) {
                throw new AssertionError(e);
            }
        });
        return this;
    }

    Simulation destroy(String name) {
        tell("user destroys " + name);
        store.serve(() -> {
            try {
                registry.destroy(new UnitName(name));
            } catch (RegistryException e) {
                throw new AssertionError(e);
            }
        });
        return this;
    }

    Simulation drain(SimHost host, boolean drained) {
        tell("user " + (drained ? "drains " : "undrains ") + host);
        store.serve(() -> {
            try {
                registry.setDrained(host.id, drained);
            } catch (RegistryException e) {
                throw new AssertionError(e);
            }
        });
        return this;
    }

    Simulation pass(double seconds) {
        time.pass(Duration.ofMillis((long) (seconds * 1000)));
        return this;
    }

    /** Long enough for every lease, retry and grace to have come to its end. */
    Simulation settle() {
        return pass(75);
    }

    // ---- what was seen

    /** From here on moves, starts and stops are counted anew. */
    Simulation mark() {
        movesFrom = store.data.revision();
        starts.clear();
        stops = 0;
        gaps = 0;
        tell("--- mark");
        return this;
    }

    /** Placements written since the mark, of units that had one before. */
    List<String> moves() {
        List<String> moves = new ArrayList<>();
        for (Change change : store.data.changesAfter(movesFrom, KeyRange.under(keys.jobs()))) {
            if (change.key().endsWith("/target")) {
                moves.add(change.toString());
            }
        }
        return moves;
    }

    int timesStarted(String unit) {
        return starts.getOrDefault(new UnitName(unit), 0);
    }

    int startsSeen() {
        return starts.values().stream().mapToInt(Integer::intValue).sum();
    }

    int stopsSeen() {
        return stops;
    }

    /** Units that were stopped on their last host although they were to run. */
    int gapsSeen() {
        return gaps;
    }

    List<String> runningOn(String unit) {
        UnitName name = new UnitName(unit);
        return hosts.stream().filter(h -> h.runs(name)).map(h -> h.id).toList();
    }

    ClusterSnapshot snapshot() {
        try {
            return registry.snapshot();
        } catch (RegistryException e) {
            throw new AssertionError(e);
        }
    }

    List<String> launched() {
        return snapshot().units().values().stream()
                .filter(unit -> unit.targetState() == TargetState.LAUNCHED)
                .map(unit -> unit.name().value())
                .toList();
    }

    boolean knows(String unit) {
        return store.data.get(keys.object(new UnitName(unit))).isPresent();
    }

    String story() {
        int from = Math.max(0, story.size() - 120);
        return String.join("\n", story.subList(from, story.size()));
    }

    // ---- what hosts tell

    void started(UnitName unit, SimMachine host) {
        starts.merge(unit, 1, Integer::sum);
        tell(unit + " starts on " + host);
        checkNotTwice(unit, host);
        if (neverOverloaded) {
            checkNotOverloaded(host);
        }
    }

    /** Invariant: what runs on a host asks for no more than the host has. */
    private void checkNotOverloaded(SimMachine host) {
        Resources asked = Resources.NONE;
        for (Observed seen : host.units().values()) {
            if (seen.running() && seen.requirements() != null) {
                asked = asked.plus(seen.requirements().request());
            }
        }
        assertThat(asked.fitsInto(SimHost.CAPACITY, Resources.NONE))
                .as(asked + " asked of " + host + "\n" + story())
                .isTrue();
    }

    void stopped(UnitName unit, SimMachine host) {
        stops++;
        tell(unit + " stops on " + host);
        if (runningOn(unit.value()).stream().allMatch(host.id::equals)) {
            gaps++;
        }
    }

    void thawed(SimHost host) {
        thawed.put(host, time.now());
        tell(host + " thaws");
    }

    void tell(String event) {
        story.add(time.now().toMillis() + " " + event);
    }

    /**
     * Invariant: a unit for one machine runs on one, but for what was frozen while it was moved,
     * and what one machine hands over to another.
     */
    void checkNotTwice(UnitName unit, SimMachine host) {
        if (host.frozen() || isGlobal(unit)) {
            return;
        }
        for (SimHost other : hosts) {
            if (other != host
                    && !other.frozen()
                    && other.runs(unit)
                    && !justThawed(other)
                    && !justThawed(host)
                    && !handsOver(unit, host)
                    && !handsOver(unit, other)) {
                throw new AssertionError(
                        unit + " runs on " + host + " and on " + other + "\n" + story());
            }
        }
    }

    /** Whether the host was told, while it has had the unit, to run it until another one does. */
    private boolean handsOver(UnitName unit, SimMachine host) {
        boolean told = false;
        String key = keys.schedule(host.id, unit);
        for (Change change : store.data.changesAfter(0, KeyRange.only(key))) {
            told =
                    change instanceof Change.Written(var entry)
                            && (told || entry.value().contains("handover"));
        }
        return told;
    }

    private boolean justThawed(SimMachine host) {
        Duration at = thawed.get(host);
        return at != null
                && (store.frozen()
                        || time.now().minus(at).compareTo(AFTER_THAW) < 0
                        || time.now().minus(store.thawedAt()).compareTo(AFTER_THAW) < 0);
    }

    private static boolean isOneshot(Unit unit) {
        return unit.file().lastValue("Service", "Type").orElse("").equals("oneshot");
    }

    private static boolean isGlobal(UnitName unit) {
        return unit.value().startsWith("global");
    }

    /** Invariants of a cluster that was left in peace for a while. */
    void checkSettled() {
        ClusterSnapshot snapshot = snapshot();
        SortedMap<UnitName, PlacementReason> reasons = snapshot.reasons();
        for (Unit unit : snapshot.units().values()) {
            String name = unit.name().value();
            PlacementReason reason = Objects.requireNonNull(reasons.get(unit.name()));
            switch (reason) {
                case PlacementReason.Placed(var machineId) -> {
                    assertThat(snapshot.machines()).as(() -> story()).containsKey(machineId);
                    boolean ends = isOneshot(unit);
                    boolean wanted = unit.targetState() == TargetState.LAUNCHED && !ends;
                    assertThat(runningOn(name))
                            .as(() -> name + " " + unit.targetState() + "\n" + story())
                            .isEqualTo(wanted ? List.of(machineId) : List.of());
                    var there = Objects.requireNonNull(snapshot.machines().get(machineId));
                    assertThat(there.closed()).as(() -> name + "\n" + story()).isFalse();
                    assertThat(unit.requirements().refusedBy(there)).as(name).isEmpty();
                }
                case PlacementReason.WithFormerFile(var machineId, var former) -> {
                    UnitName before = former.waitsFor();
                    assertThat(
                                    former.failed()
                                            || (before != null
                                                    && reasons.get(before)
                                                            instanceof NoMachineFits))
                            .as(() -> name + " " + reason + "\n" + story())
                            .isTrue();
                    assertThat(runningOn(name)).containsExactly(machineId);
                }
                case PlacementReason.OnLostMachine(var machineId, var refusals) -> {
                    assertThat(refusals.keySet())
                            .as(() -> name + "\n" + story())
                            .isEqualTo(snapshot.machines().keySet());
                    assertThat(runningOn(name))
                            .as(() -> name + "\n" + story())
                            .isSubsetOf(machineId);
                }
                case PlacementReason.NotWanted(),
                        PlacementReason.NoMachineFits(_),
                        PlacementReason.Finished(_) ->
                        assertThat(runningOn(name))
                                .as(() -> name + " " + reason + "\n" + story())
                                .isEmpty();
                case PlacementReason.EveryMachine(_) -> {}
                case PlacementReason.NoMachines(),
                        PlacementReason.Template(),
                        PlacementReason.Moving(_, _),
                        PlacementReason.BeingReleased(_),
                        PlacementReason.Pending() ->
                        throw new AssertionError(
                                name + " is not placed: " + reason.describe() + "\n" + story());
            }
        }
        for (SimHost host : hosts) {
            if (host.powered()) {
                checkNotOverloaded(host);
            }
            for (UnitName unit : host.units().keySet()) {
                assertThat(snapshot.units().keySet())
                        .as(() -> unit + " is left on " + host + "\n" + story())
                        .contains(unit);
            }
        }
    }

    // ---- chance

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    Duration delay(int fromMillis, int toMillis) {
        return Duration.ofMillis(random.nextInt(fromMillis, toMillis + 1));
    }

    int pick(int bound) {
        return random.nextInt(bound);
    }

    TargetState anyTarget() {
        return List.of(TargetState.INACTIVE, TargetState.LOADED, TargetState.LAUNCHED).get(pick(3));
    }

    SimHost anyHost() {
        return hosts.get(pick(hosts.size()));
    }
}
