package io.skerry.fleet.agent;

import io.skerry.fleet.agent.Orders.Placed;
import io.skerry.fleet.agent.Orders.Resolved;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.StartNews;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.model.UnitStateReport;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Codec;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.Keys.Place;
import io.skerry.fleet.store.Order;
import io.skerry.fleet.store.Order.Duty;
import io.skerry.fleet.store.Outcome;
import io.skerry.fleet.store.StoreTxn;
import io.skerry.fleet.store.StoreTxn.Guard;
import io.skerry.fleet.store.StoreTxn.Guard.ModifiedAt;
import io.skerry.fleet.store.StoreTxn.Write;
import io.skerry.systemd.manager.JobResult;
import io.skerry.systemd.manager.UnitState;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The agent without threads, files and clock: told of orders, of what is on the host, and how its
 * actions ended, it says what to do, what to report, and which units to give back. Until it has
 * been told its orders once it does nothing at all, so that an agent that starts while the store is
 * away leaves everything as it is. Not thread-safe.
 */
public final class AgentCore {
    private static final int KEYS_PER_TXN = 60;

    private final Keys keys;
    private final Orders orders;
    private final TreeMap<UnitName, Observed> observed = new TreeMap<>();

    /** What the actions that are being carried out come to, each unit's last one. */
    private final Map<UnitName, UnitAction> busy = new HashMap<>();

    private final Retries retries = new Retries();

    private final Endings endings = new Endings();

    /** What the store has of our reports; a unit that is not in here has none. */
    private final Map<UnitName, UnitStateReport> reported = new HashMap<>();

    private MachineState machine;
    private final TreeMap<String, String> usersMetadata = new TreeMap<>();
    private Duration handOverUntil = Duration.ZERO;
    private boolean ordered;
    private boolean fenced;

    public AgentCore(MachineState machine, Keys keys) {
        this.machine = machine;
        this.keys = keys;
        this.orders = new Orders(keys);
    }

    /** Takes over all orders as listed, and what users say of the machine. */
    public void orders(Collection<Entry> entries) {
        orders.load(entries);
        usersMetadata.clear();
        entries.forEach(entry -> note(new Change.Written(entry)));
        ordered = true;
    }

    /** Takes over changes of orders, and of what users say of the machine. */
    public void apply(Collection<Change> changes) {
        changes.forEach(change -> {
            orders.apply(change);
            note(change);
        });
    }

    private void note(Change change) {
        if (keys.locate(change.key()).orElse(null) instanceof Place.Metadata(var id, var name)
                && id.equals(machine.id())) {
            switch (change) {
                case Change.Written(var entry) -> usersMetadata.put(name, entry.value());
                case Change.Deleted(_, _) -> usersMetadata.remove(name);
            }
        }
    }

    /** The hashes of files to fetch from the store, each with a unit that has it. */
    public SortedMap<String, UnitName> missingFiles() {
        return orders.missingFiles();
    }

    /** Hands over a file asked for. */
    public void file(String hash, UnitFile file) {
        orders.file(hash, file);
    }

    /** What is on the host of one unit. */
    public void observe(UnitName unit, Observed seen) {
        endings.note(unit, observed(unit), seen, busy.containsKey(unit));
        if (seen.gone()) {
            observed.remove(unit);
        } else {
            observed.put(unit, seen);
        }
    }

    /** systemd tells of a unit; units that are none of ours are ignored. */
    public void state(UnitName unit, UnitState state) {
        Observed seen = observed.get(unit);
        if (seen != null) {
            observe(unit, seen.withState(state));
        }
    }

    public Observed observed(UnitName unit) {
        return observed.getOrDefault(unit, Observed.NOTHING);
    }

    /** The units of which something is on this host. */
    public Set<UnitName> units() {
        return Set.copyOf(observed.keySet());
    }

    /** Cut off from the store, units that may be started elsewhere are not to run. */
    public void fenced(boolean isFenced) {
        fenced = isFenced;
    }

    public boolean isFenced() {
        return fenced;
    }

    /**
     * The machine leaves. Its units go on until others have them running, or until that time; then
     * they are stopped.
     */
    public void leave(Duration until) {
        machine = machine.withLeaving(true);
        handOverUntil = until;
    }

    private boolean handsOver(Duration now) {
        return now.compareTo(handOverUntil) < 0 && !orders.own().isEmpty();
    }

    public MachineState machine() {
        return machine;
    }

    /** What to do now. The units concerned are busy until {@link #done} or {@link #failed}. */
    public List<UnitAction> decide(Duration now) {
        List<UnitAction> due = ordered ? decideByOrders(now) : fenced ? halt() : List.of();
        Map<UnitName, UnitAction> last = new HashMap<>();
        due.forEach(action -> last.put(action.unit(), action));
        retries.retain(last.keySet());
        last.values().removeIf(what -> busy.containsKey(what.unit()) || retries.holds(what, now));
        busy.putAll(last);
        last.keySet().forEach(endings::begin);
        return due.stream().filter(action -> last.containsKey(action.unit())).toList();
    }

    private List<UnitAction> decideByOrders(Duration now) {
        Resolved resolved =
                machine.leaving() && !handsOver(now)
                        ? new Resolved(new TreeMap<>(), Set.of())
                        : orders.resolve(machine.with(usersMetadata, false), fenced);
        return AgentDecisions.decide(resolved.wanted(), observed, resolved.undecided());
    }

    /** Stops what may be started elsewhere, going by the files here since no orders are known. */
    private List<UnitAction> halt() {
        List<UnitAction> actions = new ArrayList<>();
        observed.forEach((unit, seen) -> {
            UnitRequirements requirements = seen.requirements();
            if (requirements != null
                    && requirements.fencing()
                    && !requirements.global()
                    && seen.running()) {
                actions.add(new UnitAction.Stop(unit));
            }
        });
        return actions;
    }

    /** All actions of the unit were carried out. */
    public void done(UnitName unit) {
        busy.remove(unit);
        retries.forget(unit);
    }

    /** An action of the unit could not be carried out; it is decided anew after a while. */
    public void failed(UnitName unit, Duration now) {
        UnitAction what = busy.remove(unit);
        if (what != null) {
            retries.failed(what, now);
        }
    }

    public boolean isBusy() {
        return !busy.isEmpty();
    }

    /** When a failed action is due again, or a machine that leaves waits no longer. */
    public Optional<Duration> wakeAt(Duration now) {
        Stream<Duration> due = retries.moments(unit -> !busy.containsKey(unit));
        return (handsOver(now) ? Stream.concat(due, Stream.of(handOverUntil)) : due)
                .min(Duration::compareTo);
    }

    /**
     * The units of which nothing is left here and that are to be given back, each by a transaction
     * of its own, since each may be overtaken by a new order. A machine that leaves gives back
     * units it was still meant to run.
     */
    public List<Release> releases() {
        List<Release> releases = new ArrayList<>();
        if (!ordered) {
            return releases;
        }
        for (var order : orders.own().entrySet()) {
            UnitName unit = order.getKey();
            Placed placed = order.getValue();
            // The placement is another machine's by then, or no longer there.
            boolean unload =
                    placed.order().duty() == Duty.UNLOAD || placed.order().duty() == Duty.HANDOVER;
            boolean gone = observed(unit).gone() || runsGlobally(unit);
            if ((unload || machine.leaving()) && gone && !busy.containsKey(unit)) {
                String key = keys.schedule(machine.id(), unit);
                List<Guard> guards = new ArrayList<>();
                List<Write> writes = new ArrayList<>();
                guards.add(new ModifiedAt(key, placed.revision()));
                writes.add(new Write.Delete(key));
                if (!runsGlobally(unit)) {
                    writes.add(new Write.Delete(keys.state(unit, machine.id())));
                }
                if (!unload) {
                    guards.add(new ModifiedAt(keys.target(unit), placed.generation()));
                    writes.add(new Write.Delete(keys.target(unit)));
                }
                releases.add(new Release(unit, placed.revision(), new StoreTxn(guards, writes)));
            }
        }
        return releases;
    }

    /** A unit given back by its transaction. */
    public record Release(UnitName unit, long revision, StoreTxn txn) implements Answer {}

    /** Something to tell the store of one unit, which a new order may have overtaken. */
    public sealed interface Answer {
        /** The unit concerned. */
        UnitName unit();

        /** Of the order that this is about. */
        long revision();

        /** What to commit; its guards fail when it is overtaken. */
        StoreTxn txn();
    }

    /**
     * The order as it is from now on, by its transaction, and the state reported with it: those who
     * wait for the unit are told how it fares, or it has finished.
     */
    public record Progress(
            UnitName unit,
            long revision,
            Order order,
            Optional<UnitStateReport> state,
            StoreTxn txn)
            implements Answer {}

    /** The units of which others wait to be told, and those that have run to their end. */
    public List<Progress> progress() {
        List<Progress> progress = new ArrayList<>();
        if (!ordered) {
            return progress;
        }
        orders.own()
                .forEach((unit, placed) -> {
                    Order order = placed.order();
                    if (order.duty() != Duty.LAUNCH || order.finished()) {
                        return;
                    }
                    Observed seen = observed(unit);
                    if (hasFinished(unit, order, seen)) {
                        var outcome = new Outcome(order.hash(), machine.id());
                        progress.add(
                                progress(
                                        unit,
                                        placed,
                                        order.asFinished(),
                                        List.of(
                                                new Write.Put(
                                                        keys.outcome(unit),
                                                        Codec.encode(outcome)))));
                    } else if (order.isAwaited()
                            && (seen.stands(order.hash()) || hasEnded(unit, order, seen))) {
                        var done = order.withRelief(Order.Relief.DONE);
                        UnitStateReport now = report(unit, order.hash(), seen);
                        progress.add(progress(unit, placed, done, now));
                    } else if (order.relief() == Order.Relief.AWAITED
                            && seen.failed(order.hash())) {
                        var failed = order.withRelief(Order.Relief.FAILED);
                        progress.add(progress(unit, placed, failed, List.of()));
                    }
                });
        return progress;
    }

    private Progress progress(UnitName unit, Placed placed, Order after, List<Write> more) {
        String key = keys.schedule(machine.id(), unit);
        List<Write> writes = new ArrayList<>(more);
        writes.add(new Write.Put(key, Codec.encode(after)));
        var unchanged = new ModifiedAt(key, placed.revision());
        return new Progress(
                unit,
                placed.revision(),
                after,
                Optional.empty(),
                new StoreTxn(List.of(unchanged), writes));
    }

    /** Who looks must not find the former copy gone before this one is told of. */
    private Progress progress(UnitName unit, Placed placed, Order after, UnitStateReport state) {
        StoreTxn txn = progress(unit, placed, after, List.of(tell(state))).txn();
        return new Progress(unit, placed.revision(), after, Optional.of(state), txn);
    }

    private Write tell(UnitStateReport state) {
        return new Write.PutLeased(keys.state(state.unit(), machine.id()), Codec.encode(state));
    }

    /** It was up, or could have been, and has ended well: nobody waits for it any longer. */
    private boolean hasEnded(UnitName unit, Order order, Observed seen) {
        return endings.hasEnded(unit, order.hash())
                && seen.rests(order.hash())
                && !busy.containsKey(unit);
    }

    private boolean hasFinished(UnitName unit, Order order, Observed seen) {
        return hasEnded(unit, order, seen) && Endings.isOneshot(orders.fileOf(order.hash()));
    }

    /**
     * A start of the unit is over; a oneshot has run to its end by then, when it went well.
     *
     * @param result null: nobody can tell any more how it came out
     */
    public void startEnded(UnitName unit, String hash, @Nullable JobResult result) {
        endings.startEnded(unit, hash, result);
    }

    private UnitStateReport report(UnitName unit, String hash, Observed seen) {
        return new UnitStateReport(unit, machine.id(), hash, seen.state(), start(unit, hash, seen));
    }

    /** What to tell of the start of a unit: of one that is not at rest its state says enough. */
    private StartNews start(UnitName unit, String hash, Observed seen) {
        if (seen.running()) {
            return StartNews.UNTOLD;
        }
        Placed placed = orders.own().get(unit);
        if (placed != null
                && placed.order().duty() == Duty.LAUNCH
                && placed.order().finished()
                && placed.order().hash().equals(hash)) {
            return StartNews.DONE; // Here or elsewhere, before a reboot or after.
        }
        return busy.containsKey(unit) && seen.ours()
                ? StartNews.PENDING
                : endings.start(unit, seen);
    }

    /**
     * Takes over what is on the host when the agent starts. What was started and is at rest has
     * ended while there was no agent, unless it has not begun.
     *
     * @param start how its start has come out; null: it still waits in systemd's queue, and {@link
     *     #startEnded} tells in the end
     */
    public void adopt(UnitName unit, Observed seen, @Nullable JobResult start) {
        observe(unit, seen);
        if (start != null) {
            endings.adopt(unit, seen, start);
        }
    }

    /** The store has taken the answer. */
    public void answered(Answer answer) {
        switch (answer) {
            case Release release -> released(release);
            case Progress(var unit, var revision, var order, var state, _) -> {
                orders.replaced(unit, revision, order);
                state.ifPresent(told -> reported.put(unit, told));
            }
        }
    }

    private void released(Release release) {
        orders.released(release.unit(), release.revision());
        if (observed(release.unit()).gone()) {
            reported.remove(release.unit());
        }
    }

    /** True for a unit that was placed here and is now to run on every machine. */
    private boolean runsGlobally(UnitName unit) {
        return orders.isGlobal(unit) && !machine.leaving();
    }

    /**
     * True when nothing of the cluster's is left on the host and no order waits to be given back.
     */
    public boolean empty() {
        return ordered && observed.isEmpty() && orders.own().isEmpty() && busy.isEmpty();
    }

    /** What the store is to be told: only what has changed, a batch at a time. */
    public Optional<Report> report() {
        List<Write> writes = new ArrayList<>();
        Map<UnitName, Optional<UnitStateReport>> after = new HashMap<>();
        var units = new TreeSet<>(reported.keySet());
        units.addAll(observed.keySet());
        for (UnitName unit : units) {
            if (writes.size() == KEYS_PER_TXN) {
                break;
            }
            Observed seen = observed(unit);
            String hash = seen.hash();
            if (hash == null) {
                if (reported.containsKey(unit)) {
                    writes.add(new Write.Delete(keys.state(unit, machine.id())));
                    after.put(unit, Optional.empty());
                }
                continue;
            }
            UnitStateReport now = report(unit, hash, seen);
            if (!now.equals(reported.get(unit))) {
                writes.add(tell(now));
                after.put(unit, Optional.of(now));
            }
        }
        return writes.isEmpty()
                ? Optional.empty()
                : Optional.of(new Report(new StoreTxn(List.of(), writes), after));
    }

    /** A batch of states for the store; none stands for a deletion. */
    public record Report(StoreTxn txn, Map<UnitName, Optional<UnitStateReport>> values) {}

    /** The store has taken the report. */
    public void reported(Report report) {
        report.values()
                .forEach((unit, state) ->
                        state.ifPresentOrElse(
                                told -> reported.put(unit, told), () -> reported.remove(unit)));
    }

    /** A new lease has begun: what hung on the old one is gone or soon will be. */
    public void forgetReports() {
        reported.clear();
    }

    /** Sentences about orders that cannot be understood, each told once. */
    public List<String> takeProblems() {
        return orders.takeProblems();
    }
}
