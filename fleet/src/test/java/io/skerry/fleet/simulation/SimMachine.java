package io.skerry.fleet.simulation;

import io.skerry.fleet.agent.Observed;
import io.skerry.fleet.agent.Observed.Mark;
import io.skerry.fleet.model.InvalidUnitException;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a host is besides our process: power, a systemd of few words, and a network that delays,
 * loses and is cut. What happens while it is frozen happens when it thaws.
 */
abstract class SimMachine {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);
    private static final UnitState AT_REST = new UnitState("loaded", "inactive", "dead");

    final String id;
    final Simulation world;

    /** What systemd knows of units. */
    final TreeMap<UnitName, Observed> systemd = new TreeMap<>();

    /** Each life of the process has a number: what an earlier one had begun does not go on. */
    int life;

    boolean running;
    boolean powered;
    boolean frozen;
    boolean cut;
    int boots;
    private final Deque<Runnable> heldBack = new ArrayDeque<>();

    /** Units that fail here whenever they are started. */
    final Set<UnitName> failing = new HashSet<>();

    private final Map<UnitName, UnitFile> files = new HashMap<>();

    SimMachine(Simulation world, String id) {
        this.world = world;
        this.id = id;
    }

    boolean powered() {
        return powered;
    }

    boolean frozen() {
        return frozen;
    }

    boolean isCut() {
        return cut;
    }

    boolean processRuns() {
        return running;
    }

    boolean runs(UnitName unit) {
        Observed seen = systemd.get(unit);
        return powered && seen != null && seen.running();
    }

    SortedMap<UnitName, Observed> units() {
        return systemd;
    }

    void cutOff(boolean isCut) {
        cut = isCut;
    }

    final void forgetHeldBack() {
        heldBack.clear();
    }

    final void runHeldBack() {
        List<Runnable> due = List.copyOf(heldBack);
        heldBack.clear();
        due.forEach(Runnable::run);
    }

    // ---- systemd

    /** systemd tells the process of a unit. */
    abstract void unitChanged(UnitName unit);

    /** systemd tells the process that a start was carried out. */
    abstract void startSucceeded(UnitName unit, String hash);

    final void link(UnitName unit, UnitFile file) {
        files.put(unit, file);
        try {
            systemd.put(
                    unit,
                    new Observed(
                            file.sha1Hash(),
                            UnitRequirements.parse(unit, file),
                            Mark.NONE,
                            AT_REST));
        } catch (InvalidUnitException e) {
            throw new AssertionError(e);
        }
    }

    final void start(UnitName unit) {
        Observed seen = systemd.get(unit);
        if (seen != null) {
            boolean was = seen.running();
            UnitFile file = Objects.requireNonNull(files.get(unit));
            boolean oneshot = file.lastValue("Service", "Type").orElse("").equals("oneshot");
            String command = file.lastValue("Service", "ExecStart").orElse("");
            UnitState state = new UnitState("loaded", "active", "running");
            if (oneshot) {
                state = new UnitState("loaded", "activating", "start");
            } else if (command.equals("/bin/false") || failing.contains(unit)) {
                state = new UnitState("loaded", "failed", "failed");
            } else if (command.equals("/bin/true")) {
                state = AT_REST; // It is over before anybody has seen it at work.
            }
            systemd.put(unit, seen.withMark(Mark.STARTED).withState(state));
            if (state.equals(AT_REST)) {
                startSucceeded(unit, file.sha1Hash());
            }
            if (!was) {
                world.started(unit, this);
                if (oneshot) {
                    endLater(unit);
                }
            }
        }
    }

    private void endLater(UnitName unit) {
        int boot = boots;
        world.time.after(
                Duration.ofSeconds(4),
                () ->
                        inHost(
                                boot,
                                () -> {
                                    Observed seen = systemd.get(unit);
                                    if (seen != null && seen.running()) {
                                        finish(unit);
                                        unitChanged(unit);
                                    }
                                }));
    }

    /** It ends by itself and counts as started. */
    final void finish(UnitName unit) {
        systemd.computeIfPresent(unit, (u, seen) -> seen.withState(AT_REST));
    }

    final void stop(UnitName unit) {
        Observed seen = systemd.get(unit);
        if (seen != null) {
            if (seen.running()) {
                world.stopped(unit, this);
            }
            systemd.put(unit, seen.withMark(Mark.NONE).withState(AT_REST));
        }
    }

    // ---- time and network

    final void later(Duration delay, Runnable action) {
        int actor = life;
        int boot = boots;
        world.time.after(
                delay,
                () ->
                        inHost(
                                boot,
                                () -> {
                                    if (life == actor) {
                                        action.run();
                                    }
                                }));
    }

    final void inHost(int boot, Runnable action) {
        if (!powered || boots != boot) {
            return;
        }
        if (frozen) {
            heldBack.add(() -> inHost(boot, action));
        } else {
            action.run();
        }
    }

    /**
     * A request over the network: exactly one of the two callbacks is run, unless the process dies.
     * A cut is not noticed before the timeout; a connection that breaks, with the request or with
     * its answer, is noticed at once, and what became of the request is not known.
     */
    final <T> void ask(Supplier<T> request, Consumer<T> answered, Runnable failed) {
        boolean[] over = {false};
        Consumer<Runnable> once =
                callback -> {
                    if (!over[0]) {
                        over[0] = true;
                        callback.run();
                    }
                };
        later(REQUEST_TIMEOUT, () -> once.accept(failed));
        if (cut) {
            return;
        }
        if (world.chance(world.lossRate)) {
            later(world.delay(1, 100), () -> once.accept(failed));
            return;
        }
        world.time.after(
                world.delay(1, 20),
                () -> {
                    if (!cut) {
                        world.store.serve(() -> answer(request.get(), once, answered, failed));
                    }
                });
    }

    private <T> void answer(
            T answer, Consumer<Runnable> once, Consumer<T> answered, Runnable failed) {
        if (cut) {
            return;
        }
        boolean lost = world.chance(world.lossRate);
        later(world.delay(1, 20), () -> once.accept(lost ? failed : () -> answered.accept(answer)));
    }

    final void doNothing() {}

    static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    @Override
    public String toString() {
        return id;
    }
}
