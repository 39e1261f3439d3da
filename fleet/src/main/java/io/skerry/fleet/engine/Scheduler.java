package io.skerry.fleet.engine;

import io.skerry.fleet.engine.ClusterView.Presence;
import io.skerry.fleet.engine.Decision.Cause;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.fleet.store.Order;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One round of scheduling: which of the units looked at must leave their machine, and where the
 * free ones go. Pure; the same view and units always give the same decisions. A unit whose place is
 * valid is never moved, and a free one goes to the fitting machine with the fewest units, the lower
 * id among equals. An instance serves one round.
 */
final class Scheduler {
    private static final Comparator<Job> OLDEST_PLACEMENT_FIRST =
            Comparator.comparingLong(Job::generation).thenComparing(Job::name);

    /** Those that must join another unit come last, when it may have found its place. */
    private static final Comparator<Job> PEERS_FIRST =
            Comparator.comparing((Job job) -> !peers(job).isEmpty()).thenComparing(Job::name);

    private final ClusterView view;
    private final List<Decision> decisions = new ArrayList<>();

    /** Units that this round takes off their machine; they are in nobody's way any more. */
    private final Set<UnitName> leavers = new HashSet<>();

    /** Units of closed machines, which have to find another one. */
    private final List<Job> movers = new ArrayList<>();

    private final Set<UnitName> moving = new HashSet<>();

    /** Units that this round brings to a machine. */
    private final Map<String, List<Job>> arrivals = new HashMap<>();

    private final Set<UnitName> arrived = new HashSet<>();

    private final Map<String, Candidate> candidates = new HashMap<>();
    private final TreeSet<Candidate> byLoad = new TreeSet<>();

    private record Candidate(int load, MachineState machine) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byLoad = Integer.compare(load, other.load);
            return byLoad != 0 ? byLoad : machine.id().compareTo(other.machine.id());
        }
    }

    private Scheduler(ClusterView view) {
        this.view = view;
    }

    /**
     * Decides about the given units.
     *
     * @param look units about which anything has changed since they were last looked at
     */
    static List<Decision> decide(ClusterView view, Collection<UnitName> look) {
        List<Job> jobs =
                look.stream().map(view::job).filter(Objects::nonNull).map(Job.class::cast).toList();
        return new Scheduler(view).decide(jobs);
    }

    private List<Decision> decide(List<Job> jobs) {
        List<Job> homeless = new ArrayList<>();
        for (Job job : jobs.stream().sorted(OLDEST_PLACEMENT_FIRST).toList()) {
            judge(job, homeless);
        }
        if (!homeless.isEmpty() || !movers.isEmpty()) {
            weighMachines();
            homeless.sort(PEERS_FIRST);
            homeless.forEach(this::settle);
            movers.sort(PEERS_FIRST);
            movers.forEach(this::move);
        }
        return List.copyOf(decisions);
    }

    private void judge(Job job, List<Job> homeless) {
        if (job.unreadable()) {
            return; // A newer engine placed it and will look after it.
        }
        boolean held = false;
        for (String machineId : job.orders().keySet()) {
            if (!machineId.equals(job.machine())) {
                // A forgotten one is free in the next round, when that is committed.
                held |= judgeFormer(job, machineId);
            }
        }
        String machineId = job.machine();
        if (machineId == null) {
            if (job.wantsPlacement() && !held) {
                homeless.add(job);
            }
            return;
        }
        switch (view.presence(machineId)) {
            case MISSING -> {}
            case GIVEN_UP -> {
                leavers.add(job.name());
                if (job.wantsPlacement() && !held) {
                    homeless.add(job);
                } else {
                    decisions.add(new Decision.Evict(job.name(), machineId, null));
                }
            }
            case PRESENT, CLOSED -> {
                Cause cause = objection(job, machineId);
                if (cause != null) {
                    leavers.add(job.name());
                    decisions.add(new Decision.Release(job.name(), machineId, cause));
                } else if (view.presence(machineId) == Presence.CLOSED) {
                    leavers.add(job.name());
                    moving.add(job.name());
                    movers.add(job);
                }
            }
        }
    }

    /**
     * Looks at a machine that the unit is not placed on, but still has an order.
     *
     * @return whether the unit may be placed nowhere before that order is gone
     */
    private boolean judgeFormer(Job job, String machineId) {
        if (view.presence(machineId) == Presence.GIVEN_UP) {
            decisions.add(new Decision.Forget(job.name(), machineId));
            return true;
        }
        if (!job.handsOver(machineId)) {
            return true;
        }
        if (runsWherePlaced(job) || !job.wantsPlacement() || !job.mayOverlap()) {
            decisions.add(new Decision.Relieve(job.name(), machineId));
            return true;
        }
        return false;
    }

    private boolean runsWherePlaced(Job job) {
        String machineId = job.machine();
        if (machineId == null || view.machine(machineId) == null) {
            return false;
        }
        Job.Placed here = job.orders().get(machineId);
        return here != null && here.order().relief() != Order.Relief.AWAITED;
    }

    /** Why the unit may not stay on the machine that it is placed on, or null when it may. */
    private @Nullable Cause objection(Job job, String machineId) {
        UnitRequirements requirements = job.requirements();
        if (requirements == null || !job.wantsPlacement()) {
            return Cause.NOT_WANTED;
        }
        if (!job.orders().containsKey(machineId)) {
            return Cause.NO_ORDER;
        }
        MachineState machine = view.machine(machineId);
        if (machine != null && requirements.refusedBy(machine).isPresent()) {
            return Cause.MACHINE_DOES_NOT_FIT;
        }
        for (UnitName peer : requirements.machineOf()) {
            // With a peer that moves this unit moves as well.
            boolean leaves = leavers.contains(peer) && !moving.contains(peer);
            if (leaves || !isPlacedOn(peer, machineId)) {
                return Cause.PEER_ELSEWHERE;
            }
        }
        for (UnitName name : view.unitsOn(machineId)) {
            Job other = view.job(name);
            if (other != null
                    && machineId.equals(other.machine())
                    && !leavers.contains(name)
                    && OLDEST_PLACEMENT_FIRST.compare(other, job) < 0
                    && job.conflictsWith(other)) {
                return Cause.CONFLICT;
            }
        }
        return isReplacedOn(job, machineId) ? Cause.REPLACED : null;
    }

    private boolean isReplacedOn(Job job, String machineId) {
        for (UnitName name : view.unitsOn(machineId)) {
            Job other = view.job(name);
            if (other != null
                    && machineId.equals(other.machine())
                    && !leavers.contains(name)
                    && other.wantsPlacement()
                    && other.replaces(job)
                    && !view.replacements().circleOf(job.name()).contains(name)) {
                return true;
            }
        }
        return false;
    }

    private void weighMachines() {
        for (MachineState machine : view.machines()) {
            if (!machine.closed()) {
                enter(new Candidate(view.unitsOn(machine.id()).size(), machine));
            }
        }
    }

    private void enter(Candidate candidate) {
        Candidate before = candidates.put(candidate.machine().id(), candidate);
        if (before != null) {
            byLoad.remove(before);
        }
        byLoad.add(candidate);
    }

    /** Has a unit leave a closed machine: for another one at once if it can, else for nowhere. */
    private void move(Job job) {
        String from = Objects.requireNonNull(job.machine());
        String to = job.mayOverlap() ? choose(job) : null;
        decisions.add(
                to == null
                        ? new Decision.Release(job.name(), from, Cause.MACHINE_CLOSED)
                        : new Decision.Move(job.name(), from, to));
    }

    private void settle(Job job) {
        String from = job.machine();
        String to = choose(job);
        if (to != null) {
            decisions.add(
                    from == null
                            ? new Decision.Place(job.name(), to)
                            : new Decision.Evict(job.name(), from, to));
        } else if (from != null) {
            decisions.add(new Decision.Evict(job.name(), from, null));
        }
    }

    /** The fitting machine with the fewest units, to which it is counted from now on. */
    private @Nullable String choose(Job job) {
        if (isShutOutByItsCircle(job)) {
            return null;
        }
        Candidate choice = null;
        for (Candidate candidate : byLoad) {
            if (fits(job, candidate.machine())) {
                // To replace means to take the place, if that is possible.
                boolean takesAPlace = holdsReplacedBy(job, candidate.machine().id());
                if (choice == null || takesAPlace) {
                    choice = candidate;
                }
                if (takesAPlace
                        || Objects.requireNonNull(job.requirements()).replaces().isEmpty()) {
                    break;
                }
            }
        }
        if (choice == null) {
            return null;
        }
        String to = choice.machine().id();
        arrivals.computeIfAbsent(to, m -> new ArrayList<>()).add(job);
        arrived.add(job.name());
        enter(new Candidate(choice.load() + 1, choice.machine()));
        return to;
    }

    private boolean holdsReplacedBy(Job job, String machineId) {
        for (UnitName name : view.unitsOn(machineId)) {
            Job other = view.job(name);
            if (other != null && machineId.equals(other.machine()) && job.replaces(other)) {
                return true;
            }
        }
        return false;
    }

    /** Of units that replace each other the one that has a place keeps it, alone. */
    private boolean isShutOutByItsCircle(Job job) {
        for (UnitName name : view.replacements().circleOf(job.name())) {
            Job other = view.job(name);
            if (arrived.contains(name) || (other != null && other.machine() != null)) {
                return true;
            }
        }
        return false;
    }

    private boolean fits(Job job, MachineState machine) {
        UnitRequirements requirements = Objects.requireNonNull(job.requirements());
        if (requirements.refusedBy(machine).isPresent()) {
            return false;
        }
        List<Job> arriving = arrivals.getOrDefault(machine.id(), List.of());
        for (UnitName peer : requirements.machineOf()) {
            boolean there = !leavers.contains(peer) && isPlacedOn(peer, machine.id());
            if (!there && arriving.stream().noneMatch(other -> other.name().equals(peer))) {
                return false;
            }
        }
        for (Job other : arriving) {
            if (job.conflictsWith(other) || other.replaces(job)) {
                return false;
            }
        }
        // Also those that are to leave: they run until their machine has stopped them.
        for (UnitName name : view.unitsOn(machine.id())) {
            Job other = view.job(name);
            if (other != null && (job.conflictsWith(other) || other.replaces(job))) {
                return false;
            }
        }
        return true;
    }

    private boolean isPlacedOn(UnitName unit, String machineId) {
        Job job = view.job(unit);
        return job != null && machineId.equals(job.machine());
    }

    private static Set<UnitName> peers(Job job) {
        UnitRequirements requirements = job.requirements();
        return requirements == null ? Set.of() : requirements.machineOf();
    }
}
