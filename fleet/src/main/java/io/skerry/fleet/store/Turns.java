package io.skerry.fleet.store;

import io.skerry.fleet.model.FormerFile;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who gets a new file after whom. The engine decides by the same rules. */
final class Turns {
    private Turns() {}

    /** Whether a unit that is there has to wait for its turn to get that file. */
    static boolean apply(
            JobRecord job, UnitFile file, UnitRequirements requirements, TargetState target)
            throws RegistryException {
        if (job.object() == null
                || job.target() == null
                || job.wanted() != TargetState.LAUNCHED
                || target != TargetState.LAUNCHED) {
            return false;
        }
        JobObject known = Codec.job(job.name(), job.object());
        return !known.hash().equals(file.sha1Hash())
                && !known.requirements().global()
                && !requirements.global();
    }

    /** The units that have to wait, and for whom. */
    static SortedMap<UnitName, FormerFile> waiting(SortedMap<UnitName, JobRecord> jobs)
            throws RegistryException {
        var waiting = new TreeMap<UnitName, FormerFile>();
        Map<UnitName, Rollout> turns = new HashMap<>();
        for (JobRecord job : jobs.values()) {
            if (job.next() != null) {
                Rollout rollout = Codec.job(job.name(), job.next()).rollout();
                if (rollout != null) {
                    turns.put(job.name(), rollout);
                }
            }
        }
        for (var turn : turns.entrySet()) {
            waiting.put(turn.getKey(), before(turn.getKey(), turn.getValue(), turns, jobs));
        }
        return waiting;
    }

    private static FormerFile before(
            UnitName unit,
            Rollout rollout,
            Map<UnitName, Rollout> turns,
            SortedMap<UnitName, JobRecord> jobs)
            throws RegistryException {
        for (JobRecord job : jobs.values()) {
            if (job.object() == null || job.next() != null) {
                continue;
            }
            JobObject object = Codec.job(job.name(), job.object());
            boolean goesBefore =
                    sameRollout(object.rollout(), rollout)
                            && job.wanted() == TargetState.LAUNCHED
                            && job.finishedOn(object.hash()) == null;
            Order order = job.orderWherePlaced();
            if (goesBefore && (order == null || order.isAwaited())) {
                boolean failed = order != null && order.relief() == Order.Relief.FAILED;
                return new FormerFile(job.name(), failed);
            }
        }
        Comparator<UnitName> byPosition =
                Comparator.comparingInt((UnitName name) -> position(turns.get(name)))
                        .thenComparing(Comparator.naturalOrder());
        UnitName first =
                turns.keySet().stream()
                        .filter(name -> sameRollout(turns.get(name), rollout))
                        .min(byPosition)
                        .orElse(unit);
        return new FormerFile(first.equals(unit) ? null : first, false);
    }

    private static int position(@Nullable Rollout rollout) {
        return rollout == null ? Integer.MAX_VALUE : rollout.position();
    }

    private static boolean sameRollout(@Nullable Rollout one, Rollout other) {
        return one != null && one.id().equals(other.id());
    }
}
