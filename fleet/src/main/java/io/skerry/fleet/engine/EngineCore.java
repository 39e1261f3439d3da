package io.skerry.fleet.engine;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.store.Change;
import io.skerry.fleet.store.Entry;
import io.skerry.fleet.store.Keys;
import io.skerry.fleet.store.StoreTxn;
import io.skerry.fleet.store.StoreTxn.Guard.ModifiedAt;
import io.skerry.fleet.store.StoreTxn.Write;
import io.skerry.systemd.unit.UnitName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The engine without threads and clock: told what happens, it says what to commit and when to be
 * asked again. Every machine's engine keeps the view; the one that holds the leader key decides.
 *
 * <p>A machine whose key is gone has not renewed its lease for a whole time-to-live, by the store's
 * clock, and has fenced itself by its own. That conclusion needs a store that could be renewed at.
 * So a machine is given up only after the store has answered this engine, without a gap, for a
 * whole time-to-live; whoever lives has registered again by then. An engine that has followed a
 * healthy store all along may act at once when it becomes leader.
 *
 * <p>Times are monotonic and count pauses of this process, so that an engine that was stopped takes
 * its own absence for the store's. Not thread-safe.
 */
public final class EngineCore {
    /** So many decisions go into one transaction; etcd allows 128 operations of a kind. */
    private static final int DECISIONS_PER_TXN = 24;

    /** After a refusal news must be under way; without any, look again after this time. */
    private static final Duration PATIENCE_AFTER_REFUSAL = Duration.ofMillis(500);

    /** Says what to do about the units that are to be looked at. */
    interface Decider {
        List<Decision> decide(ClusterView view, Collection<UnitName> look);
    }

    private final Decider decider;
    private final String machineId;
    private final Keys keys;
    private final Duration ttl;
    private final Duration grace;
    private final Duration longestGap;
    private final Map<String, Duration> missingSince = new HashMap<>();

    /**
     * Keys written by {@link #committed} whose echo is still to come: older news of them is stale.
     */
    private final Map<String, Long> committedAhead = new HashMap<>();

    private ClusterModel model;
    private boolean loaded;
    private long leaseId;
    private Duration healthySince = Duration.ZERO;
    private Duration lastAnswer = Duration.ZERO;
    private @Nullable Duration heldBackUntil;
    private boolean oneByOne;

    /**
     * An engine that knows nothing yet.
     *
     * @param ttl the machines' lease time
     * @param grace how long a vanished machine is left alone when nothing speaks against giving it
     *     up
     */
    public EngineCore(String machineId, Keys keys, Duration ttl, Duration grace) {
        this(machineId, keys, ttl, grace, Scheduler::decide);
    }

    EngineCore(String machineId, Keys keys, Duration ttl, Duration grace, Decider decider) {
        this.decider = decider;
        this.machineId = machineId;
        this.keys = keys;
        this.ttl = ttl;
        this.grace = grace;
        this.longestGap = ttl.dividedBy(2);
        this.model = new ClusterModel(keys);
    }

    /** Starts anew from a listing of the engine's range. */
    public void load(Collection<Entry> entries, Duration now) {
        model = new ClusterModel(keys);
        missingSince.clear();
        committedAhead.clear();
        entries.forEach(entry -> model.apply(new Change.Written(entry)));
        if (loaded) {
            noteGap(now); // Before this answer hides that there was none for a while.
        } else {
            loaded = true;
            healthySince = now;
        }
        lastAnswer = later(lastAnswer, now);
        heldBackUntil = null;
        noteMissing(now);
    }

    /** Takes over what the store tells of the engine's range. */
    public void apply(Collection<Change> changes, Duration now) {
        for (Change change : changes) {
            long known = committedAhead.getOrDefault(change.key(), 0L);
            if (change.revision() >= known) {
                committedAhead.remove(change.key());
                model.apply(change);
            }
        }
        heldBackUntil = null;
        noteMissing(now);
    }

    /** The machine's lease was renewed: the store answered to what was sent then. */
    public void storeAnswered(Duration sent, Duration now) {
        noteGap(now);
        lastAnswer = later(lastAnswer, sent);
    }

    /** The lease that leadership is bound to; 0 when the machine has none at present. */
    public void lease(long id) {
        leaseId = id;
    }

    /** True when this engine decides. */
    public boolean leads() {
        Entry leader = model.leader();
        return loaded && leaseId != 0 && leader != null && leader.lease() == leaseId;
    }

    /** The machine whose engine decides, if there is one. */
    public Optional<String> leader() {
        return Optional.ofNullable(model.leader()).map(Entry::value);
    }

    /** The machines that are registered. */
    public List<MachineState> machines() {
        return List.copyOf(model.machines());
    }

    /** The transaction that makes this engine the leader, if there is none at present. */
    public Optional<StoreTxn> candidacy() {
        MachineState self = model.machine(machineId);
        if (leaseId == 0 || model.leader() != null || self == null || self.leaving()) {
            return Optional.empty();
        }
        return Optional.of(
                new StoreTxn(
                        List.of(
                                new ModifiedAt(keys.engineLeader(), 0),
                                // Whoever has lost its registration meanwhile may not lead.
                                new ModifiedAt(
                                        keys.machine(machineId), model.machineRevision(machineId))),
                        List.of(new Write.PutLeased(keys.engineLeader(), machineId))));
    }

    /**
     * What to commit now, in this order. Each proposal must be answered by {@link #committed} or
     * {@link #refused} before the next call.
     */
    public List<Proposal> propose(Duration now) {
        noteGap(now);
        giveUpTheLost(now);
        if (!leads() || (heldBackUntil != null && now.compareTo(heldBackUntil) < 0)) {
            return List.of();
        }
        heldBackUntil = null;
        Set<UnitName> look = model.takeDirty();
        try {
            return proposals(decider.decide(model, look));
        } catch (RuntimeException e) {
            look.forEach(model::touch); // What was taken to be looked at has not been.
            throw e;
        }
    }

    private List<Proposal> proposals(List<Decision> decisions) {
        long leadership = Objects.requireNonNull(model.leader()).createRevision();
        List<Proposal> proposals = new ArrayList<>();
        int step = oneByOne ? 1 : DECISIONS_PER_TXN;
        oneByOne = false;
        for (int i = 0; i < decisions.size(); i += step) {
            List<Decision> some = decisions.subList(i, Math.min(decisions.size(), i + step));
            proposals.add(Proposal.of(some, model, keys, leadership));
        }
        return proposals;
    }

    /** The proposal's writes happened at that revision; its echo by the store may come later. */
    public void committed(Proposal proposal, long revision) {
        for (Write write : proposal.txn().writes()) {
            committedAhead.put(write.key(), revision);
            model.apply(
                    switch (write) {
                        case Write.Put(var key, var value) ->
                                new Change.Written(new Entry(key, value, revision, revision, 0));
                        case Write.PutLeased(var key, var value) ->
                                new Change.Written(
                                        new Entry(key, value, revision, revision, leaseId));
                        case Write.Delete(var key) -> new Change.Deleted(key, revision);
                    });
        }
    }

    /** The store had moved on, or could not be asked: decide again when it has told its news. */
    public void refused(Proposal proposal, Duration now) {
        proposal.decisions().forEach(decision -> model.touch(decision.unit()));
        heldBackUntil = now.plus(PATIENCE_AFTER_REFUSAL);
        oneByOne = true; // One decision that cannot be carried out must not hold up others.
    }

    /** When {@link #propose} may have something to do though nothing is told; empty for never. */
    public Optional<Duration> wakeAt(Duration now) {
        if (!leads()) {
            return Optional.empty();
        }
        Optional<Duration> earliest =
                missingSince.keySet().stream()
                        .filter(id -> model.presence(id) == ClusterView.Presence.MISSING)
                        .map(this::mayGiveUpAt)
                        .min(Duration::compareTo);
        if (model.hasDirty()) {
            Duration look = heldBackUntil == null ? now : heldBackUntil;
            earliest = Optional.of(earliest.filter(e -> e.compareTo(look) < 0).orElse(look));
        }
        return earliest;
    }

    /** Sentences about keys that could not be read, each told once. */
    public List<String> takeProblems() {
        return model.takeProblems();
    }

    /** For tests and metrics. */
    ClusterModel model() {
        return model;
    }

    private void noteGap(Duration now) {
        if (now.minus(lastAnswer).compareTo(longestGap) > 0) {
            // While the gap lasts this moves on with every call; nobody is given up meanwhile.
            healthySince = now;
            model.hopeAgain();
        }
    }

    private void noteMissing(Duration now) {
        Set<String> missing = model.missingMachines();
        missingSince.keySet().retainAll(missing);
        missing.forEach(id -> missingSince.putIfAbsent(id, now));
    }

    private void giveUpTheLost(Duration now) {
        for (String id : new HashSet<>(missingSince.keySet())) {
            if (now.compareTo(mayGiveUpAt(id)) >= 0) {
                model.giveUp(id);
            }
        }
    }

    private Duration mayGiveUpAt(String id) {
        Duration missing = missingSince.getOrDefault(id, Duration.ZERO);
        return later(missing.plus(grace), healthySince.plus(ttl));
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
