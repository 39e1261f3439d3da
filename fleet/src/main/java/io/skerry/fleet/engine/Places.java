package io.skerry.fleet.engine;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.Spread;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The machines of one round of scheduling that take units, with those that the round brings to
 * them. Finds a free unit the fitting machine: one where it takes the place of a unit that it
 * replaces, or where units are that have to join it, else one where the fewest are of those that it
 * is spread with, else one with the fewest units, else the one of the lower id.
 */
final class Places {
    private static final int TAKES_A_PLACE = -1;

    private final ClusterView view;

    /** Units that the round takes off their machine; with them no peer can be. */
    private final Set<UnitName> leavers;

    /** Units that the round has stopped where they are only until they run elsewhere. */
    private final Set<UnitName> relieved;

    /** Units that the round brings to a machine. */
    private final Map<String, List<Job>> arrivals = new HashMap<>();

    private final Set<UnitName> arrived = new HashSet<>();

    private final Map<Spread, Map<@Nullable String, Integer>> tallies = new HashMap<>();
    private final Map<String, Candidate> candidates = new HashMap<>();
    private final TreeSet<Candidate> byLoad = new TreeSet<>();

    private record Candidate(int load, MachineState machine) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byLoad = Integer.compare(load, other.load);
            return byLoad != 0 ? byLoad : machine.id().compareTo(other.machine.id());
        }
    }

    /** All machines that are open, each with the load that it has before the round. */
    Places(ClusterView view, Set<UnitName> leavers, Set<UnitName> relieved) {
        this.view = view;
        this.leavers = leavers;
        this.relieved = relieved;
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

    /** The machine to bring the unit to, at which it is counted from now on; null: none fits. */
    @Nullable String choose(Job job) {
        if (isShutOutByItsCircle(job)) {
            return null;
        }
        Set<String> joined = machinesOfJoining(job);
        int bestRank = joined.isEmpty() ? bestRank(job) : TAKES_A_PLACE;
        Candidate choice = null;
        int best = Integer.MAX_VALUE;
        for (Candidate candidate : byLoad) {
            boolean awaited = joined.contains(candidate.machine().id());
            int rank = awaited ? TAKES_A_PLACE : rank(job, candidate.machine());
            if ((choice == null || rank < best) && fits(job, candidate.machine())) {
                choice = candidate;
                best = rank;
            }
            if (choice != null && best <= bestRank) {
                break;
            }
        }
        return choice == null ? null : arrive(job, choice);
    }

    /**
     * Where units are that have to be where this one is: they stay when it comes to them, as when
     * one that had finished there runs again.
     */
    private Set<String> machinesOfJoining(Job job) {
        var machines = new HashSet<String>();
        for (UnitName name : view.joining(job.name())) {
            Job other = view.job(name);
            String machineId = other == null ? null : other.machine();
            if (machineId != null && !leavers.contains(name)) {
                machines.add(machineId);
            }
        }
        return machines;
    }

    /** Whether a unit without a place may have one there, where others wait for it. */
    boolean mayComeTo(Job job, String machineId) {
        Candidate candidate = candidates.get(machineId);
        return candidate != null
                && job.machine() == null
                && job.seeksPlace()
                && !isShutOutByItsCircle(job)
                && fits(job, candidate.machine());
    }

    /** Whether the unit fits that machine, at which it is counted from now on. */
    boolean take(Job job, String machineId) {
        Candidate candidate = candidates.get(machineId);
        if (candidate == null || isShutOutByItsCircle(job) || !fits(job, candidate.machine())) {
            return false;
        }
        var _ = arrive(job, candidate);
        return true;
    }

    private String arrive(Job job, Candidate choice) {
        String to = choice.machine().id();
        arrivals.computeIfAbsent(to, m -> new ArrayList<>()).add(job);
        arrived.add(job.name());
        tallies.forEach((spread, tally) -> {
            if (spread.counts(job.name())) {
                tally.merge(choice.machine().metadata().get(spread.key()), 1, Integer::sum);
            }
        });
        enter(new Candidate(choice.load() + 1, choice.machine()));
        return to;
    }

    /** What comes before the load in the choice of a machine; a lower one is better. */
    private int rank(Job job, MachineState machine) {
        UnitRequirements requirements = Objects.requireNonNull(job.requirements());
        if (!requirements.replaces().isEmpty() && holdsReplacedBy(job, machine.id())) {
            return TAKES_A_PLACE; // To replace means to take the place, if that is possible.
        }
        Spread spread = requirements.spread();
        if (spread == null) {
            return 0;
        }
        String value = machine.metadata().get(spread.key());
        return value == null ? Integer.MAX_VALUE : tally(spread).getOrDefault(value, 0);
    }

    private static int bestRank(Job job) {
        return Objects.requireNonNull(job.requirements()).replaces().isEmpty() ? 0 : TAKES_A_PLACE;
    }

    /** How many of the units are where the key has which value, or come there in this round. */
    private Map<@Nullable String, Integer> tally(Spread spread) {
        return tallies.computeIfAbsent(
                spread,
                s -> {
                    var tally = new HashMap<@Nullable String, Integer>();
                    for (Job job : view.jobs()) {
                        String machineId = job.machine();
                        if (machineId != null
                                && !leavers.contains(job.name())
                                && s.counts(job.name())) {
                            count(tally, view.machine(machineId), s);
                        }
                    }
                    arrivals.forEach((machineId, jobs) -> {
                        for (Job job : jobs) {
                            if (s.counts(job.name())) {
                                count(tally, view.machine(machineId), s);
                            }
                        }
                    });
                    return tally;
                });
    }

    private static void count(
            Map<@Nullable String, Integer> tally, @Nullable MachineState machine, Spread spread) {
        if (machine != null) {
            tally.merge(machine.metadata().get(spread.key()), 1, Integer::sum);
        }
    }

    /**
     * Where a unit that fits nowhere gets its place.
     *
     * @param displaced who has to leave the machine for that, besides those that leave anyway
     */
    record Room(String machineId, List<Job> displaced) {}

    /**
     * The machine on which the fewest of the lowest priority have to make room for the unit, to
     * which it is counted from now on, so that nobody of lower priority takes that room before it
     * is free; null when there is none.
     */
    @Nullable Room makeRoom(Job job) {
        if (job.priority() <= view.lowestPriority() || isShutOutByItsCircle(job)) {
            return null;
        }
        Candidate choice = null;
        Displacement best = null;
        for (Candidate candidate : byLoad) {
            MachineState machine = candidate.machine();
            if (Objects.requireNonNull(job.requirements()).refusedBy(machine).isPresent()) {
                continue;
            }
            List<Job> arriving = arrivals.getOrDefault(machine.id(), List.of());
            var displacement =
                    Displacement.find(
                            view, leavers, relieved, job, machine, arriving, reserved(machine));
            if (displacement != null && (best == null || displacement.isBetterThan(best))) {
                choice = candidate;
                best = displacement;
            }
        }
        return choice == null || best == null
                ? null
                : new Room(arrive(job, choice), best.displaced());
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
        if (!hasItsPeers(view, leavers, requirements, machine.id(), arriving)) {
            return false;
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
        return job.request().isNone()
                || job.request().fitsInto(machine.capacity(), takenFrom(machine, job, arriving));
    }

    /** What all but the unit itself take of a machine. Whoever is to leave does so until then. */
    private Resources takenFrom(MachineState machine, Job job, List<Job> arriving) {
        Resources taken = reserved(machine);
        for (Job other : arriving) {
            taken = taken.plus(other.request());
        }
        for (UnitName name : view.unitsOn(machine.id())) {
            Job other = view.job(name);
            if (other != null && !name.equals(job.name())) {
                taken = taken.plus(other.request());
            }
        }
        return taken;
    }

    /** What global units take of the machine, whether or not they run there yet. */
    private Resources reserved(MachineState machine) {
        Resources reserved = Resources.NONE;
        for (Job global : view.demandingGlobals()) {
            UnitRequirements requirements = Objects.requireNonNull(global.requirements());
            if (requirements.refusedBy(machine).isEmpty()) {
                reserved = reserved.plus(global.request());
            }
        }
        return reserved;
    }

    /** Whether the units whose machine is asked for are there, or come there in this round. */
    static boolean hasItsPeers(
            ClusterView view,
            Set<UnitName> leavers,
            UnitRequirements requirements,
            String machineId,
            List<Job> arriving) {
        for (UnitName peer : requirements.machineOf()) {
            boolean there = !leavers.contains(peer) && isAtHomeOn(view, peer, machineId);
            if (!there && arriving.stream().noneMatch(other -> other.name().equals(peer))) {
                return false;
            }
        }
        return true;
    }

    /** Whether units that have to join this one may be on that machine. */
    static boolean isAtHomeOn(ClusterView view, UnitName unit, String machineId) {
        Job job = view.job(unit);
        return job != null && machineId.equals(job.home());
    }
}
