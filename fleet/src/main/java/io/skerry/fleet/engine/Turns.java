package io.skerry.fleet.engine;

import io.skerry.fleet.store.Rollout;
import io.skerry.systemd.unit.UnitName;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which units get new files one after the other: the next one only when no unit that has got its
 * own with them is still on its way to be active, or has failed. Kept with the model.
 */
final class Turns {
    private static final Comparator<Job> FIRST =
            Comparator.comparingInt(Turns::position).thenComparing(Job::name);

    private final Map<String, Set<UnitName>> unitsByRollout = new HashMap<>();

    void note(Job before, Job after) {
        for (String rollout : rollouts(before)) {
            Set<UnitName> units = unitsByRollout.get(rollout);
            if (units != null && units.remove(before.name()) && units.isEmpty()) {
                unitsByRollout.remove(rollout);
            }
        }
        for (String rollout : rollouts(after)) {
            unitsByRollout.computeIfAbsent(rollout, r -> new TreeSet<>()).add(after.name());
        }
    }

    private static Set<String> rollouts(Job job) {
        if (job.rollout() == null && job.next() == null) {
            return Set.of();
        }
        var rollouts = new HashSet<String>();
        if (job.rollout() != null) {
            rollouts.add(job.rollout().id());
        }
        Rollout next = waitsIn(job);
        if (next != null) {
            rollouts.add(next.id());
        }
        return rollouts;
    }

    /** Units whose turn may have come by that change. */
    Set<UnitName> concernedBy(Job before, Job after) {
        var concerned = new HashSet<UnitName>();
        for (Job job : new Job[] {before, after}) {
            for (String rollout : rollouts(job)) {
                concerned.addAll(unitsByRollout.getOrDefault(rollout, Set.of()));
            }
        }
        return concerned;
    }

    /** Whether the unit waits for a file, and nobody comes before it. */
    boolean isNext(Job job, ClusterView view) {
        if (job.next() == null) {
            return false;
        }
        Rollout rollout = waitsIn(job);
        if (rollout == null) {
            return true;
        }
        for (UnitName name : unitsByRollout.getOrDefault(rollout.id(), Set.of())) {
            Job other = view.job(name);
            if (other == null || name.equals(job.name())) {
                continue;
            }
            boolean waitsToo = isOf(waitsIn(other), rollout);
            if (waitsToo
                    ? FIRST.compare(other, job) < 0
                    : isOf(other.rollout(), rollout) && other.holdsUpItsRollout()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOf(@Nullable Rollout one, Rollout other) {
        return one != null && one.id().equals(other.id());
    }

    private static @Nullable Rollout waitsIn(Job job) {
        return job.next() == null ? null : job.next().object().rollout();
    }

    private static int position(Job job) {
        Rollout rollout = waitsIn(job);
        return rollout == null ? 0 : rollout.position();
    }
}
