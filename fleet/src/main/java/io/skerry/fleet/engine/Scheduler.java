package io.skerry.fleet.engine;

import io.skerry.fleet.engine.ClusterView.Presence;
import io.skerry.fleet.engine.Decision.Cause;
import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One round of scheduling: which of the units looked at must leave their machine, and where the
 * free ones go. Pure; the same view and units always give the same decisions. A unit whose place is
 * valid is never moved; where a free one goes is chosen by {@link Places}. An instance serves one
 * round.
 */
final class Scheduler {
    /** Of units that cannot be together on a machine the first one stays. */
    private static final Comparator<Job> FIRST_STAYS =
            Comparator.comparing(Job::priority, Comparator.reverseOrder())
                    .thenComparingLong(Job::generation)
                    .thenComparing(Job::name);

    /** Those that must join another unit come last, when it may have found its place. */
    private static final Comparator<Job> PEERS_FIRST =
            Comparator.comparing(Job::priority, Comparator.reverseOrder())
                    .thenComparing(job -> !peers(job).isEmpty())
                    .thenComparing(Job::name);

    private final ClusterView view;
    private final List<Decision> decisions = new ArrayList<>();

    /** Units that this round takes off their machine; they are in nobody's way any more. */
    private final Set<UnitName> leavers = new HashSet<>();

    /** Units that this round has a machine stop which runs them until another one does. */
    private final Set<UnitName> relieved = new HashSet<>();

    /** Units of closed machines, which have to find another one. */
    private final List<Job> movers = new ArrayList<>();

    private final Set<UnitName> moving = new HashSet<>();

    /** Units that are asked to move to a certain machine. */
    private final List<Job> asked = new ArrayList<>();

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
        for (Job job : jobs.stream().sorted(FIRST_STAYS).toList()) {
            judge(job, homeless);
        }
        if (!homeless.isEmpty() || !movers.isEmpty() || !asked.isEmpty()) {
            var places = new Places(view, leavers, relieved);
            homeless.sort(PEERS_FIRST);
            homeless.forEach(job -> settle(job, places));
            movers.sort(PEERS_FIRST);
            movers.forEach(job -> move(job, places));
            asked.forEach(job -> moveAsAsked(job, places));
        }
        return List.copyOf(decisions);
    }

    private void judge(Job job, List<Job> homeless) {
        if (job.unreadable()) {
            return; // A newer engine placed it and will look after it.
        }
        if (view.isInTurn(job)) {
            decisions.add(new Decision.Renew(job.name()));
            return; // It is looked at again with what its new file asks for.
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
            if (job.moveTo() != null) {
                decisions.add(new Decision.Stay(job.name()));
            }
            if (job.seeksPlace() && !held) {
                homeless.add(job);
            }
            return;
        }
        switch (view.presence(machineId)) {
            case MISSING -> {}
            case GIVEN_UP -> {
                leavers.add(job.name());
                if (job.seeksPlace() && !held) {
                    homeless.add(job);
                } else {
                    decisions.add(new Decision.Evict(job.name(), machineId, null));
                }
            }
            case PRESENT, CLOSED -> {
                if (job.moveTo() != null) {
                    asked.add(job);
                }
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
            relieve(job, machineId);
            return true;
        }
        return false;
    }

    private void relieve(Job job, String machineId) {
        relieved.add(job.name());
        decisions.add(new Decision.Relieve(job.name(), machineId));
    }

    private boolean runsWherePlaced(Job job) {
        String machineId = job.machine();
        if (machineId == null || view.machine(machineId) == null) {
            return false;
        }
        Job.Placed here = job.orders().get(machineId);
        return here != null && !here.order().isAwaited();
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
        if (job.finished() && !job.request().isNone() && !isPeerOfOthersOn(job, machineId)) {
            return Cause.FINISHED;
        }
        MachineState machine = view.machine(machineId);
        if (machine != null && requirements.refusedBy(machine).isPresent()) {
            return Cause.MACHINE_DOES_NOT_FIT;
        }
        for (UnitName peer : requirements.machineOf()) {
            // With a peer that moves this unit moves as well.
            boolean leaves = leavers.contains(peer) && !moving.contains(peer);
            if (leaves
                    || (!Places.isAtHomeOn(view, peer, machineId) && !comesTo(peer, machineId))) {
                return Cause.PEER_ELSEWHERE;
            }
        }
        for (UnitName name : view.unitsOn(machineId)) {
            Job other = view.job(name);
            if (other != null
                    && machineId.equals(other.machine())
                    && !leavers.contains(name)
                    && FIRST_STAYS.compare(other, job) < 0
                    && job.conflictsWith(other)) {
                return Cause.CONFLICT;
            }
        }
        if (machine != null && !hasItsShare(job, machine)) {
            return Cause.NO_RESOURCES;
        }
        return isReplacedOn(job, machineId) ? Cause.REPLACED : null;
    }

    /** Whether a unit that has no place, such as one that had finished, will have it there. */
    private boolean comesTo(UnitName unit, String machineId) {
        Job job = view.job(unit);
        return job != null
                && job.machine() == null
                && job.seeksPlace()
                && new Places(view, leavers, relieved).mayComeTo(job, machineId);
    }

    /** Whether others are on the machine because this one is, so that its place has to stay. */
    private boolean isPeerOfOthersOn(Job job, String machineId) {
        for (UnitName name : view.unitsOn(machineId)) {
            Job other = view.job(name);
            if (other != null && peers(other).contains(job.name())) {
                return true;
            }
        }
        return false;
    }

    /** Whether the machine has what the unit asks for beside those that were there before it. */
    private boolean hasItsShare(Job job, MachineState machine) {
        if (job.request().isNone()) {
            return true;
        }
        Resources taken = Resources.NONE;
        for (UnitName name : view.unitsOn(machine.id())) {
            Job other = view.job(name);
            if (other != null
                    && machine.id().equals(other.machine())
                    && !leavers.contains(name)
                    && FIRST_STAYS.compare(other, job) < 0) {
                taken = taken.plus(other.request());
            }
        }
        return job.request().fitsInto(machine.capacity(), taken);
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

    /** Has a unit leave a closed machine: for another one at once if it can, else for nowhere. */
    private void move(Job job, Places places) {
        String from = Objects.requireNonNull(job.machine());
        String to = job.mayOverlap() ? places.choose(job) : null;
        decisions.add(
                to == null
                        ? new Decision.Release(job.name(), from, Cause.MACHINE_CLOSED)
                        : new Decision.Move(job.name(), from, to));
    }

    /** A wish of users: granted if nothing else is about to happen to the unit. */
    private void moveAsAsked(Job job, Places places) {
        String from = Objects.requireNonNull(job.machine());
        String to = Objects.requireNonNull(job.moveTo());
        boolean isFree =
                !leavers.contains(job.name()) && job.mayOverlap() && job.orders().size() == 1;
        decisions.add(
                isFree && !to.equals(from) && places.take(job, to)
                        ? new Decision.Move(job.name(), from, to)
                        : new Decision.Stay(job.name()));
    }

    private void settle(Job job, Places places) {
        String from = job.machine();
        String to = places.choose(job);
        if (to != null) {
            decisions.add(
                    from == null
                            ? new Decision.Place(job.name(), to)
                            : new Decision.Evict(job.name(), from, to));
        } else {
            if (from != null && keepsOthersOut(job)) {
                decisions.add(new Decision.Evict(job.name(), from, null));
            } else if (job.moveTo() != null) {
                decisions.add(new Decision.Stay(job.name()));
            }
            // Else it stays with its lost machine, which goes on with it if it comes back.
            displace(job, places);
        }
    }

    /** Whether others can have no place while this one has its own. */
    private boolean keepsOthersOut(Job job) {
        return !view.replacements().circleOf(job.name()).isEmpty();
    }

    /** Has units of lower priority make room for one that fits nowhere, if that helps. */
    private void displace(Job job, Places places) {
        Places.Room room = places.makeRoom(job);
        if (room != null) {
            String machineId = room.machineId();
            for (Job displaced : room.displaced()) {
                if (machineId.equals(displaced.machine())) {
                    leavers.add(displaced.name());
                    decisions.add(
                            new Decision.Release(displaced.name(), machineId, Cause.DISPLACED));
                } else {
                    // Its new place stays, whether or not it runs there yet.
                    relieve(displaced, machineId);
                }
            }
        }
    }

    private static Set<UnitName> peers(Job job) {
        UnitRequirements requirements = job.requirements();
        return requirements == null ? Set.of() : requirements.machineOf();
    }
}
