package io.skerry.fleet.simulation;

import io.skerry.fleet.agent.AgentCore;
import io.skerry.fleet.agent.Fence;
import io.skerry.fleet.agent.Observed;
import io.skerry.fleet.agent.Registration;
import io.skerry.fleet.agent.UnitAction;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.FleetStore.Committed;
import io.skerry.fleet.store.KeyRange;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Listing;
import io.skerry.fleet.store.RegistryException;
import io.skerry.fleet.store.StoreTxn;
import io.skerry.systemd.manager.JobResult;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A host whose process runs the real engine and agent cores. What was to happen in a process that
 * died does not happen.
 */
final class SimHost extends SimMachine {
    static final Duration TTL = Duration.ofSeconds(10);
    static final Resources CAPACITY = new Resources(4000, 8L << 30);
    private static final Duration HANDOVER = Duration.ofSeconds(10);
    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final Duration RENEWAL = TTL.dividedBy(5);

    private final String address;
    private final SortedMap<String, String> metadata;

    private Duration thawedAt = Duration.ZERO;
    private Duration lastRenewalSent = Duration.ZERO;

    // The process
    private long leaseId;
    private boolean registered;
    private long formerLease;
    private @Nullable AgentCore agent;
    private @Nullable SimEngine engine;
    private long agentCursor;
    private boolean agentPumping;
    private boolean reporting;

    SimHost(Simulation world, String id, String address, SortedMap<String, String> metadata) {
        super(world, id);
        this.address = address;
        this.metadata = metadata;
        world.store.whenChanged(this::storeChanged);
    }

    // ---- what happens to the host

    void powerOn() {
        powered = true;
        boots++;
        lastRenewalSent = Duration.ZERO;
        startProcess();
    }

    void powerCut() {
        killProcess();
        powered = false;
        frozen = false;
        forgetHeldBack();
        systemd.clear();
    }

    void killProcess() {
        life++;
        running = false;
    }

    /** The process dies; systemd starts it again after a while. */
    void crashProcess(Duration pause) {
        killProcess();
        later(pause, this::startProcess);
    }

    void freeze() {
        frozen = true;
    }

    void thaw() {
        frozen = false;
        thawedAt = world.time.now();
        world.thawed(this);
        for (UnitName unit : systemd.keySet()) {
            world.checkNotTwice(unit, this);
        }
        runHeldBack();
    }

    /** Leaves in good order: gives the units back, then goes. */
    void leave() {
        core().leave(world.time.now().plus(HANDOVER));
        commit(
                new StoreTxn(
                        List.of(),
                        List.of(
                                new StoreTxn.Write.PutLeased(
                                        world.keys.machine(id), Codec.encode(core().machine())))),
                outcome -> {},
                this::doNothing);
        reconcile();
    }

    /** The unit runs to its end by itself. */
    void end(UnitName unit) {
        finish(unit);
        unitChanged(unit);
    }

    @Override
    void unitChanged(UnitName unit) {
        if (running) {
            core().observe(unit, Objects.requireNonNull(systemd.get(unit)));
            reconcile();
        }
    }

    @Override
    void startSucceeded(UnitName unit, String hash) {
        if (running) {
            core().startEnded(unit, hash, JobResult.DONE);
        }
    }

    boolean hasLeft() {
        return core().empty();
    }

    // ---- the process

    void startProcess() {
        life++;
        running = true;
        leaseId = 0;
        registered = false;
        formerLease = 0;
        agentPumping = false;
        reporting = false;
        agent = new AgentCore(describe(), world.keys);
        engine = new SimEngine(this);
        systemd.forEach((unit, seen) -> core().adopt(unit, seen, JobResult.DONE));
        join();
        renewLoop();
        fenceLoop();
    }

    private MachineState describe() {
        return new MachineState(
                id, address, metadata, id + "-boot-" + boots, "test", false, false, CAPACITY);
    }

    private AgentCore core() {
        return Objects.requireNonNull(agent);
    }

    private SimEngine engine() {
        return Objects.requireNonNull(engine);
    }

    private void join() {
        ask(() -> world.store.grant(TTL), lease -> register(lease), this::joinLater);
    }

    private void joinLater() {
        later(Duration.ofMillis(300), this::join);
    }

    private void register(long lease) {
        var key = world.keys.machine(id);
        Duration sent = world.time.now();
        ask(
                () -> world.store.data.get(key),
                existing -> {
                    try {
                        switch (Registration.decide(core().machine(), existing, world.keys)) {
                            case Registration.Duplicate(var other) ->
                                    throw new AssertionError("duplicate of " + other);
                            case Registration.Enter(var txn, var former) ->
                                    ask(
                                            () -> world.store.data.commit(txn, lease),
                                            outcome -> {
                                                if (outcome.held()) {
                                                    entered(lease, former, sent);
                                                } else {
                                                    joinLater();
                                                }
                                            },
                                            this::joinLater);
                        }
                    } catch (RegistryException e) {
                        throw new AssertionError(e);
                    }
                },
                this::joinLater);
    }

    private void entered(long lease, long former, Duration sent) {
        formerLease = former == lease ? 0 : former;
        ask(
                this::listings,
                listings -> {
                    leaseId = lease;
                    registered = true;
                    lastRenewalSent = max(lastRenewalSent, sent);
                    core().forgetReports();
                    core().orders(listings.agent().entries());
                    agentCursor = listings.agent().revision();
                    engine().core.lease(lease);
                    engine().load(listings.engine());
                    core().fenced(false);
                    fetchFiles();
                    reconcile();
                    engine().decide();
                    storeChanged();
                },
                () -> later(Duration.ofMillis(300), () -> entered(lease, former, sent)));
    }

    private Listings listings() {
        return new Listings(
                world.store.data.list(List.of(world.keys.engineRange())),
                world.store.data.list(
                        List.of(
                                KeyRange.under(world.keys.schedule(id)),
                                KeyRange.under(world.keys.schedule(Keys.GLOBAL)),
                                KeyRange.under(world.keys.metadata(id)))));
    }

    private record Listings(Listing engine, Listing agent) {}

    private void renewLoop() {
        later(
                RENEWAL,
                () -> {
                    renew();
                    renewLoop();
                });
    }

    private void renew() {
        long lease = leaseId;
        if (lease == 0) {
            return;
        }
        Duration sent = world.time.now();
        ask(
                () -> world.store.keepAlive(lease),
                alive -> {
                    if (lease != leaseId) {
                        return;
                    }
                    if (alive) {
                        lastRenewalSent = max(lastRenewalSent, sent);
                        engine().core.storeAnswered(sent, world.time.now());
                        if (core().isFenced()) {
                            liftFence();
                        }
                        engine().decide();
                    } else {
                        leaseId = 0;
                        registered = false;
                        engine().core.lease(0);
                        join();
                    }
                },
                this::doNothing);
    }

    private void fenceLoop() {
        later(
                Duration.ofMillis(200),
                () -> {
                    checkFence();
                    fenceLoop();
                });
    }

    private void checkFence() {
        Duration since =
                lastRenewalSent.isZero() ? Duration.ZERO : world.time.now().minus(lastRenewalSent);
        Fence fence = new Fence(TTL, MARGIN);
        if (!core().isFenced()
                && fence.closed(since, world.time.now().minus(thawedAt), 3, cut ? 3 : 0)) {
            core().fenced(true);
            reconcile();
        }
    }

    /** Goes on with fresh orders, since those known may have been taken back meanwhile. */
    private void liftFence() {
        ask(
                this::listings,
                listings -> {
                    core().orders(listings.agent().entries());
                    agentCursor = listings.agent().revision();
                    core().fenced(false);
                    fetchFiles();
                    reconcile();
                },
                this::doNothing);
    }

    private void storeChanged() {
        if (registered && !agentPumping) {
            agentPumping = true;
            later(world.delay(1, 40), this::pumpAgent);
        }
        if (registered) {
            engine().storeChanged();
        }
    }

    private void pumpAgent() {
        if (cut || world.store.frozen()) {
            later(Duration.ofMillis(100), this::pumpAgent);
            return;
        }
        agentPumping = false;
        List<Change> changes = new ArrayList<>();
        for (String machine : List.of(id, Keys.GLOBAL)) {
            changes.addAll(
                    world.store.data.changesAfter(
                            agentCursor, KeyRange.under(world.keys.schedule(machine))));
        }
        changes.addAll(
                world.store.data.changesAfter(
                        agentCursor, KeyRange.under(world.keys.metadata(id))));
        agentCursor = world.store.data.revision();
        core().apply(changes);
        fetchFiles();
        reconcile();
    }

    private void fetchFiles() {
        core().missingFiles()
                .forEach((hash, unit) ->
                        ask(
                                () -> world.store.data.get(world.keys.unitFile(hash)),
                                entry -> {
                                    try {
                                        core().file(
                                                        hash,
                                                        Codec.unitFile(unit, entry.orElseThrow()));
                                    } catch (RegistryException e) {
                                        throw new AssertionError(e);
                                    }
                                    reconcile();
                                },
                                () -> later(Duration.ofMillis(500), this::fetchFiles)));
    }

    // ---- the agent's shell

    private void reconcile() {
        Map<UnitName, Deque<UnitAction>> actions = new LinkedHashMap<>();
        for (UnitAction action : core().decide(world.time.now())) {
            actions.computeIfAbsent(action.unit(), u -> new ArrayDeque<>()).add(action);
        }
        actions.forEach(this::perform);
        core().wakeAt(world.time.now())
                .ifPresent(at -> {
                    Duration wait = at.minus(world.time.now());
                    later(max(wait, Duration.ofMillis(1)), this::reconcile);
                });
        if (!registered || reporting) {
            return;
        }
        List<AgentCore.Answer> answers = new ArrayList<>(core().releases());
        answers.addAll(core().progress());
        if (!answers.isEmpty()) {
            var answer = answers.getFirst();
            report(answer.txn(), () -> core().answered(answer), true);
            return;
        }
        var next = core().report();
        if (next.isPresent()) {
            var report = next.get();
            report(report.txn(), () -> core().reported(report), false);
        } else if (formerLease != 0) {
            long former = formerLease;
            formerLease = 0;
            ask(() -> revoked(former), _ -> {}, this::doNothing);
        }
    }

    private boolean revoked(long lease) {
        world.store.revoke(lease);
        return true;
    }

    private void report(StoreTxn txn, Runnable taken, boolean mayBeOvertaken) {
        reporting = true;
        commit(
                txn,
                outcome -> {
                    reporting = false;
                    if (outcome.held()) {
                        taken.run();
                        reconcile();
                    } else if (mayBeOvertaken) {
                        later(Duration.ofMillis(100), this::reconcile);
                    }
                },
                () -> {
                    reporting = false;
                    later(Duration.ofMillis(500), this::reconcile);
                });
    }

    /** Carries out the actions of one unit in their order. */
    private void perform(UnitName unit, Deque<UnitAction> actions) {
        UnitAction action = actions.poll();
        if (action == null) {
            core().done(unit);
            reconcile();
            return;
        }
        if (!(action instanceof UnitAction.Stop) && world.chance(world.failureRate)) {
            later(
                    world.delay(1, 50),
                    () -> {
                        core().failed(unit, world.time.now());
                        reconcile();
                    });
            return;
        }
        switch (action) {
            case UnitAction.Load(_, var file) ->
                    effect(world.delay(1, 50), unit, () -> link(unit, file), actions);
            case UnitAction.Start(_, _) ->
                    effect(world.delay(5, 300), unit, () -> start(unit), actions);
            case UnitAction.Stop(_) ->
                    effect(world.delay(5, 1200), unit, () -> stop(unit), actions);
            case UnitAction.Unload(_) ->
                    effect(
                            world.delay(5, 1200),
                            unit,
                            () -> {
                                stop(unit);
                                systemd.remove(unit);
                            },
                            actions);
        }
    }

    /** systemd finishes what it has begun even when the agent dies meanwhile. */
    private void effect(
            Duration delay, UnitName unit, Runnable change, Deque<UnitAction> furtherActions) {
        int boot = boots;
        int actor = life;
        Runnable carriedOut =
                () -> {
                    change.run();
                    if (running) {
                        core().observe(unit, systemd.getOrDefault(unit, Observed.NOTHING));
                        if (life == actor) {
                            perform(unit, furtherActions);
                        } else {
                            reconcile();
                        }
                    }
                };
        world.time.after(delay, () -> inHost(boot, carriedOut));
    }

    boolean registered() {
        return registered;
    }

    void commit(StoreTxn txn, Consumer<Committed> answered, Runnable failed) {
        long lease = leaseId;
        boolean leased = txn.writes().stream().anyMatch(w -> w instanceof StoreTxn.Write.PutLeased);
        ask(
                () ->
                        leased && !world.store.lives(lease)
                                ? new Committed(false, world.store.data.revision())
                                : world.store.data.commit(txn, lease),
                answered,
                failed);
    }
}
