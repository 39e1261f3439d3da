package io.skerry.fleet.engine;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
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
 * them. Finds a free unit the fitting machine with the fewest units, the lower id among equals.
 */
final class Places {
    private final ClusterView view;

    /** Units that the round takes off their machine; with them no peer can be. */
    private final Set<UnitName> leavers;

    /** Units that the round brings to a machine. */
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

    /** All machines that are open, each with the load that it has before the round. */
    Places(ClusterView view, Set<UnitName> leavers) {
        this.view = view;
        this.leavers = leavers;
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
            boolean there = !leavers.contains(peer) && isPlacedOn(view, peer, machine.id());
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
        return job.request().isNone()
                || job.request().fitsInto(machine.capacity(), takenFrom(machine, job, arriving));
    }

    /** What all but the unit itself take of a machine. Whoever is to leave does so until then. */
    private Resources takenFrom(MachineState machine, Job job, List<Job> arriving) {
        Resources taken = reserved(view, machine);
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
    private static Resources reserved(ClusterView view, MachineState machine) {
        Resources reserved = Resources.NONE;
        for (Job global : view.demandingGlobals()) {
            UnitRequirements requirements = Objects.requireNonNull(global.requirements());
            if (requirements.refusedBy(machine).isEmpty()) {
                reserved = reserved.plus(global.request());
            }
        }
        return reserved;
    }

    static boolean isPlacedOn(ClusterView view, UnitName unit, String machineId) {
        Job job = view.job(unit);
        return job != null && machineId.equals(job.machine());
    }
}
