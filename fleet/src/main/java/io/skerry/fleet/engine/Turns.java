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
    /** Units that got, or get, their files in a rollout. */
    private final Map<String, Set<UnitName>> units = new HashMap<>();

    /** Of these the ones that wait for theirs, in the order of their turns. */
    private final Map<String, TreeSet<Turn>> waiting = new HashMap<>();

    private record Turn(int position, UnitName unit) implements Comparable<Turn> {
        private static final Comparator<Turn> ORDER =
                Comparator.comparingInt(Turn::position).thenComparing(Turn::unit);

        @Override
        public int compareTo(Turn other) {
            return ORDER.compare(this, other);
        }
    }

    void note(Job before, Job after) {
        for (String rollout : rollouts(before)) {
            remove(units, rollout, before.name());
        }
        for (String rollout : rollouts(after)) {
            units.computeIfAbsent(rollout, r -> new TreeSet<>()).add(after.name());
        }
        Rollout awaited = waitsIn(before);
        if (awaited != null) {
            remove(waiting, awaited.id(), new Turn(awaited.position(), before.name()));
        }
        awaited = waitsIn(after);
        if (awaited != null) {
            waiting.computeIfAbsent(awaited.id(), r -> new TreeSet<>())
                    .add(new Turn(awaited.position(), after.name()));
        }
    }

    private static <T> void remove(
            Map<String, ? extends Set<T>> byRollout, String rollout, T what) {
        Set<T> there = byRollout.get(rollout);
        if (there != null && there.remove(what) && there.isEmpty()) {
            byRollout.remove(rollout);
        }
    }

    private static Set<String> rollouts(Job job) {
        Rollout next = waitsIn(job);
        if (job.rollout() == null && next == null) {
            return Set.of();
        }
        var rollouts = new HashSet<String>();
        if (job.rollout() != null) {
            rollouts.add(job.rollout().id());
        }
        if (next != null) {
            rollouts.add(next.id());
        }
        return rollouts;
    }

    /** Units whose turn may have come by that change: the next one of each rollout concerned. */
    Set<UnitName> concernedBy(Job before, Job after) {
        var concerned = new HashSet<UnitName>();
        for (Job job : new Job[] {before, after}) {
            for (String rollout : rollouts(job)) {
                TreeSet<Turn> turns = waiting.get(rollout);
                if (turns != null) {
                    concerned.add(turns.getFirst().unit());
                }
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
        TreeSet<Turn> turns = waiting.get(rollout.id());
        if (turns != null && !turns.getFirst().unit().equals(job.name())) {
            return false;
        }
        for (UnitName name : units.getOrDefault(rollout.id(), Set.of())) {
            Job other = view.job(name);
            if (other != null
                    && other.next() == null
                    && isOf(other.rollout(), rollout)
                    && other.holdsUpItsRollout()) {
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
}
