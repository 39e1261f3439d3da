package io.skerry.fleet.store;

import io.skerry.fleet.model.FormerFile;
import io.skerry.fleet.model.TargetState;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.unit.UnitFile;
import io.skerry.systemd.unit.UnitName;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
        var rollouts = new TreeMap<UnitName, Rollout>();
        for (JobRecord job : jobs.values()) {
            if (job.next() != null) {
                Rollout rollout = Codec.job(job.name(), job.next()).rollout();
                if (rollout != null) {
                    rollouts.put(job.name(), rollout);
                }
            }
        }
        var waiting = new TreeMap<UnitName, FormerFile>();
        if (!rollouts.isEmpty()) {
            Map<String, FormerFile> held = held(jobs);
            Map<String, UnitName> first = first(rollouts);
            rollouts.forEach((unit, rollout) -> {
                UnitName before = first.get(rollout.id());
                var inTurn = new FormerFile(unit.equals(before) ? null : before, false);
                waiting.put(unit, held.getOrDefault(rollout.id(), inTurn));
            });
        }
        return waiting;
    }

    /** By rollout, the unit that has got its file and is not active with it. */
    private static Map<String, FormerFile> held(SortedMap<UnitName, JobRecord> jobs)
            throws RegistryException {
        Map<String, FormerFile> held = new HashMap<>();
        for (JobRecord job : jobs.values()) {
            if (job.object() == null
                    || job.next() != null
                    || job.wanted() != TargetState.LAUNCHED) {
                continue;
            }
            JobObject object = Codec.job(job.name(), job.object());
            Order order = job.orderWherePlaced();
            if (object.rollout() != null
                    && job.finishedOn(object.hash()) == null
                    && (order == null || order.isAwaited())) {
                boolean failed = order != null && order.relief() == Order.Relief.FAILED;
                held.putIfAbsent(object.rollout().id(), new FormerFile(job.name(), failed));
            }
        }
        return held;
    }

    /** By rollout, the unit whose turn comes next. */
    private static Map<String, UnitName> first(SortedMap<UnitName, Rollout> rollouts) {
        Map<String, UnitName> first = new HashMap<>();
        Map<String, Integer> positions = new HashMap<>();
        rollouts.forEach((unit, rollout) -> {
            int before = positions.getOrDefault(rollout.id(), Integer.MAX_VALUE);
            if (rollout.position() < before) {
                positions.put(rollout.id(), rollout.position());
                first.put(rollout.id(), unit);
            }
        });
        return first;
    }
}
