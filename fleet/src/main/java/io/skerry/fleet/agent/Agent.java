package io.skerry.fleet.agent;

import io.skerry.base.log.Log;
import io.skerry.base.time.MonotonicClock;
import io.skerry.fleet.agent.UnitAction.Load;
import io.skerry.fleet.agent.UnitAction.Start;
import io.skerry.fleet.agent.UnitAction.Stop;
import io.skerry.fleet.agent.UnitAction.Unload;
import io.skerry.fleet.loop.EventLoop;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.FleetStore;
import io.skerry.fleet.store.KeyRange;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Listing;
import io.skerry.fleet.store.Mirror;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.StoreTxn;
import io.skerry.fleet.store.StoreTxn.Write;
import io.skerry.systemd.journal.Journal;
import io.skerry.systemd.manager.SystemdException;
import io.skerry.systemd.manager.SystemdManager;
import io.skerry.systemd.manager.UnitListener;
import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The agent of one host: a loop that owns the {@link AgentCore}, follows this machine's orders and
 * systemd's signals, and lets short-lived virtual threads do what blocks. Nothing that one unit
 * does holds up another.
 */
public final class Agent implements AutoCloseable {
    private static final Log LOG = Log.of(Agent.class);

    private final FleetStore store;
    private final Keys keys;
    private final MonotonicClock clock;
    private final UnitHost host;
    private final SystemdManager systemd;
    private final AgentCore core;
    private final AgentMetrics metrics;
    private final EventLoop loop;
    private final CountDownLatch emptied = new CountDownLatch(1);
    private @Nullable Mirror mirror;
    private SystemdManager.@Nullable Subscription signals;

    /** How many signals have come of each unit; they may overtake an answer that is older. */
    private final Map<UnitName, Integer> signalsSeen = new ConcurrentHashMap<>();

    // Confined to the loop.
    private final Reporter reporter;
    private final FileFetcher files;
    private final LateReload afterUnload = new LateReload();
    private final SharedLook ended;
    private boolean liftFence;

    /** An agent that does nothing before {@link #start}. */
    public Agent(
            MachineState machine,
            FleetStore store,
            Keys keys,
            SystemdManager systemd,
            Journal journal,
            Path unitsDirectory,
            MonotonicClock clock,
            AgentMetrics metrics) {
        this.store = store;
        this.keys = keys;
        this.clock = clock;
        this.systemd = systemd;
        this.metrics = metrics;
        this.core = new AgentCore(machine, keys);
        this.loop = new EventLoop("fleet-agent", this::act);
        this.host =
                new UnitHost(
                        systemd,
                        journal,
                        unitsDirectory,
                        (unit, hash, result) ->
                                loop.tell(() -> core.startEnded(unit, hash, result)));
        this.reporter = new Reporter(core, store, clock, loop);
        this.files =
                new FileFetcher(
                        core, store, keys, loop::tell, work -> inBackground("fleet-fetch", work));
        this.ended =
                new SharedLook(this::look, loop::tell, work -> inBackground("fleet-look", work));
    }

    /**
     * Takes over the units that are on the host and begins to follow signals.
     *
     * @throws IOException when the units directory cannot be used
     */
    public void start() throws IOException, SystemdException {
        host.prepare();
        signals = systemd.subscribe(new Signals());
        host.adopt(core::adopt);
        LOG.info("agent starts", "units", core.units().size());
        loop.start();
    }

    /**
     * The machine has entered the cluster under this lease: follow its orders and report.
     *
     * @param whenSettled run once everything that is on the host has been reported under the lease
     */
    public void entered(long lease, Runnable whenSettled) {
        loop.tell(() -> {
            reporter.entered(lease, whenSettled);
            liftFence = true;
            core.forgetReports();
            Mirror orders = mirror;
            if (orders == null) {
                mirror = follow();
            } else {
                orders.refresh();
            }
        });
    }

    /** The machine's lease is no more; nothing can be reported until it has entered anew. */
    public void leaseLost() {
        loop.tell(reporter::leaseLost);
    }

    /** The host is cut off: what may be started elsewhere has to stop. */
    public void fence() {
        loop.tell(() -> {
            if (!core.isFenced()) {
                LOG.error("host is cut off from the store, stopping its units");
                core.fenced(true);
                metrics.fenced(true);
            }
        });
    }

    /**
     * The lease was renewed. Units that were fenced go on when their orders have been read anew.
     */
    public void leaseRenewed() {
        loop.tell(() -> {
            Mirror orders = mirror;
            if (core.isFenced() && reporter.hasLease() && orders != null) {
                reporter.awaitListing();
                liftFence = true;
                orders.refresh();
            }
        });
    }

    /**
     * Hands all units over to other machines; returns when that is done or the time has passed.
     *
     * @param handover for how long units may go on until they run elsewhere; zero to stop them
     *     first
     * @return true when nothing is left
     */
    public boolean leave(Duration patience, Duration handover) throws InterruptedException {
        loop.tell(() -> {
            core.leave(clock.now().plus(handover));
            MachineState leaving = core.machine();
            long lease = reporter.lease();
            String key = keys.machine(leaving.id());
            Write mark = new Write.PutLeased(key, Codec.encode(leaving));
            inBackground(
                    "fleet-leave",
                    () -> {
                        try {
                            store.commit(new StoreTxn(List.of(), List.of(mark)), lease);
                        } catch (RegistryException e) {
                            LOG.warn("cannot tell that we leave", "cause", e.getMessage());
                        }
                    });
        });
        return emptied.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Mirror follow() {
        List<KeyRange> ranges =
                List.of(
                        KeyRange.under(keys.schedule(core.machine().id())),
                        KeyRange.under(keys.schedule(Keys.GLOBAL)),
                        KeyRange.under(keys.metadata(core.machine().id())));
        return new Mirror("fleet-agent-mirror", store, ranges, new OrderNews());
    }

    private final class OrderNews implements Mirror.Listener {
        @Override
        public void listed(Listing listing) {
            loop.tell(() -> {
                core.orders(listing.entries());
                reporter.listed();
                if (core.isFenced() && liftFence && reporter.hasLease()) {
                    LOG.info("host is back, its units go on");
                    liftFence = false;
                    core.fenced(false);
                    metrics.fenced(false);
                }
            });
        }

        @Override
        public void changed(List<Change> changes) {
            loop.tell(() -> core.apply(changes));
        }
    }

    private final class Signals implements UnitListener {
        @Override
        public void unitChanged(String unit, UnitState state) {
            UnitName.parse(unit)
                    .ifPresent(name -> {
                        signalsSeen.merge(name, 1, Integer::sum);
                        loop.tell(() -> core.state(name, state));
                    });
        }

        @Override
        public void unitRemoved(String unit) {
            // It is out of systemd's memory, but its file may still be there for the next start.
            UnitName.parse(unit)
                    .ifPresent(name -> {
                        signalsSeen.merge(name, 1, Integer::sum);
                        loop.tell(() -> {
                            Observed known = core.observed(name);
                            // Of one at rest it is no news, and looking causes signals.
                            if (known.linked() && !known.state().active().equals("inactive")) {
                                lookAgain(List.of(name));
                            }
                        });
                    });
        }

        @Override
        public void busRestored() {
            loop.tell(() -> lookAgain(core.units()));
        }
    }

    // ---- the loop's turn

    private Optional<Duration> act() {
        core.takeProblems().forEach(problem -> LOG.warn("order cannot be used", "why", problem));
        files.act();
        perform(core.decide(clock.now()));
        ended.act();
        Duration now = clock.now();
        if (afterUnload.take(now)) {
            inBackground("fleet-reload", this::reload);
        }
        reporter.act(now);
        metrics.units(core.units().size());
        if (core.machine().leaving() && core.empty() && !reporter.writing()) {
            emptied.countDown();
        }
        Optional<Duration> wake = core.wakeAt(now).map(at -> atLeastZero(at.minus(now)));
        Optional<Duration> retry = reporter.retryIn(now);
        return Stream.of(wake, retry, afterUnload.in(now))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    private void reload() {
        try {
            host.forgetUnloaded();
        } catch (SystemdException e) {
            LOG.debug("reload after unload failed", "cause", e.getMessage());
        }
    }

    // ---- units

    private void perform(List<UnitAction> actions) {
        if (actions.isEmpty()) {
            return;
        }
        List<Load> loads = new ArrayList<>();
        Map<UnitName, UnitAction> rest = new LinkedHashMap<>();
        for (UnitAction action : actions) {
            metrics.acts(kind(action));
            LOG.info(kind(action), "unit", action.unit());
            if (action instanceof Load load) {
                loads.add(load);
            } else {
                rest.put(action.unit(), action);
            }
        }
        Set<UnitName> loading = new HashSet<>();
        loads.forEach(load -> loading.add(load.unit()));
        if (!loads.isEmpty()) {
            inBackground("fleet-load", () -> load(loads, rest));
        }
        rest.forEach((unit, action) -> {
            if (!loading.contains(unit)) {
                inBackground("fleet-unit-" + unit, () -> carryOut(unit, action));
            }
        });
    }

    /** One reload for all of them, then each goes its own way. */
    private void load(List<Load> loads, Map<UnitName, UnitAction> rest) {
        List<UnitName> units = loads.stream().map(Load::unit).toList();
        try {
            host.load(loads);
        } catch (IOException | SystemdException | RuntimeException e) {
            if (loads.size() > 1) {
                // One of them may be what systemd does not like; the others must not suffer.
                loads.forEach(load -> load(List.of(load), rest));
                return;
            }
            failed(units.getFirst(), "load", e);
            return;
        }
        for (UnitName unit : units) {
            UnitAction next = rest.get(unit);
            if (next == null) {
                finished(unit);
            } else {
                inBackground("fleet-unit-" + unit, () -> carryOut(unit, next));
            }
        }
    }

    private void carryOut(UnitName unit, UnitAction action) {
        try {
            switch (action) {
                case Load load -> host.load(List.of(load));
                case Start(_, var hash) -> host.start(unit, hash);
                case Stop(_) -> host.stop(unit);
                case Unload(_) -> host.unload(unit);
            }
        } catch (IOException | SystemdException | RuntimeException e) {
            // A bug, too: a unit that stays busy is looked after no more.
            failed(unit, kind(action), e);
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        finished(unit);
        if (action instanceof Unload) {
            loop.tell(() -> afterUnload.ask(clock.now()));
        }
    }

    private void finished(UnitName unit) {
        loop.tell(() -> ended.ask(unit, () -> core.done(unit)));
    }

    private void failed(UnitName unit, String what, Exception cause) {
        metrics.failed();
        LOG.warn("action failed, trying again later", "unit", unit, "action", what, cause);
        loop.tell(() -> ended.ask(unit, () -> core.failed(unit, clock.now())));
    }

    /** Looks at what is there of units, tells the core, then runs the event on the loop. */
    private void look(Collection<UnitName> units, Runnable then) {
        Map<UnitName, Integer> before = new HashMap<>();
        units.forEach(unit -> before.put(unit, signalsSeen.getOrDefault(unit, 0)));
        SortedMap<UnitName, Observed> seen = observe(units);
        loop.tell(() -> {
            seen.forEach((unit, now) -> {
                Observed known = core.observed(unit);
                int signals = signalsSeen.getOrDefault(unit, 0);
                boolean newer = signals != before.getOrDefault(unit, 0);
                // A signal that came meanwhile knows better than the answer.
                core.observe(unit, newer && known.linked() ? now.withState(known.state()) : now);
                if (newer && !known.linked()) {
                    lookAgain(List.of(unit));
                }
            });
            then.run();
        });
    }

    private SortedMap<UnitName, Observed> observe(Collection<UnitName> units) {
        SortedMap<UnitName, Observed> seen = new TreeMap<>();
        try {
            seen.putAll(host.observe(units));
        } catch (IOException | SystemdException e) {
            if (units.size() > 1 && e instanceof IOException) {
                // A file of one of them; the others must not suffer.
                units.forEach(unit -> seen.putAll(observe(List.of(unit))));
            } else {
                LOG.warn("cannot look at units", "units", units, "cause", e.getMessage());
            }
        }
        return seen;
    }

    /** Asks systemd for states whose changes may have been missed. */
    private void lookAgain(Collection<UnitName> units) {
        List<UnitName> asked = List.copyOf(units);
        inBackground("fleet-look", () -> look(asked, () -> {}));
    }

    // ---- help

    private static String kind(UnitAction action) {
        return switch (action) {
            case Load(_, _) -> "load";
            case Start(_, _) -> "start";
            case Stop(_) -> "stop";
            case Unload(_) -> "unload";
        };
    }

    static void inBackground(String name, Runnable work) {
        Thread.ofVirtual().name(name).start(work);
    }

    private static Duration atLeastZero(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /** Ends the agent; units stay as they are. */
    @Override
    public void close() {
        if (signals != null) {
            signals.close();
        }
        if (mirror != null) {
            mirror.close();
        }
        loop.close();
    }
}
