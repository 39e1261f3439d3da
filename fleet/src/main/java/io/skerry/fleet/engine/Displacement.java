package io.skerry.fleet.engine;

import io.skerry.fleet.model.MachineState;
import io.skerry.fleet.model.Resources;
import io.skerry.fleet.model.UnitRequirements;
import io.skerry.systemd.unit.UnitName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which units of lower priority have to leave one machine so that one of higher priority fits. One
 * that the machine runs only until another one does is among them: that may never come, and whoever
 * is of higher priority must not wait for it.
 *
 * @param displaced the fewest of the lowest priority; none when those that are being stopped anyway
 *     are enough
 * @param highestPriority of those
 */
record Displacement(List<Job> displaced, int highestPriority) {
    private boolean isNothing() {
        return displaced.isEmpty();
    }

    /** Nobody of a higher priority than needed has to go, and no more than needed. */
    boolean isBetterThan(Displacement other) {
        if (isNothing() || other.isNothing()) {
            return isNothing() && !other.isNothing();
        }
        return highestPriority != other.highestPriority
                ? highestPriority < other.highestPriority
                : displaced.size() < other.displaced.size();
    }

    /**
     * Looks for it on a machine that itself fits the unit.
     *
     * @param leavers units that leave their machine in this round
     * @param relieved units that machines which hand them over stop in this round
     * @param arriving units that come to the machine in this round
     * @param reserved what global units take
     * @return null when it cannot fit, whoever of lower priority leaves
     */
    static @Nullable Displacement find(
            ClusterView view,
            Set<UnitName> leavers,
            Set<UnitName> relieved,
            Job job,
            MachineState machine,
            List<Job> arriving,
            Resources reserved) {
        UnitRequirements requirements = Objects.requireNonNull(job.requirements());
        if (!Places.hasItsPeers(view, leavers, requirements, machine.id(), arriving)) {
            return null;
        }
        List<Job> staying = new ArrayList<>();
        for (UnitName name : view.unitsOn(machine.id())) {
            Job other = view.job(name);
            if (other != null && !name.equals(job.name())) {
                boolean placed = machine.id().equals(other.machine()) && !leavers.contains(name);
                boolean handedOver = other.handsOver(machine.id()) && !relieved.contains(name);
                if (placed || handedOver) {
                    staying.add(other);
                }
            }
        }
        return new Search(job, machine, arriving, reserved, staying).run();
    }

    private static final class Search {
        private final Job job;
        private final MachineState machine;
        private final List<Job> arriving;
        private final Resources reserved;
        private final List<Job> staying;
        private final Set<Job> displaced = new LinkedHashSet<>();

        Search(
                Job job,
                MachineState machine,
                List<Job> arriving,
                Resources reserved,
                List<Job> staying) {
            this.job = job;
            this.machine = machine;
            this.arriving = arriving;
            this.reserved = reserved;
            this.staying = staying;
        }

        @Nullable Displacement run() {
            if (arriving.stream().anyMatch(this::excludes)) {
                return null;
            }
            for (Job other : staying) {
                if (isPlaced(other) && other.replaces(job)) {
                    return null; // It would only come back and drive this one away again.
                }
                if (job.conflictsWith(other) && !displace(other)) {
                    return null;
                }
            }
            Set<Job> excluding = Set.copyOf(displaced);
            staying.stream()
                    .sorted(
                            Comparator.comparingInt(Job::priority)
                                    .thenComparing(this::share, Comparator.reverseOrder())
                                    .thenComparing(Job::generation, Comparator.reverseOrder()))
                    .forEach(other -> {
                        if (share(other) > 0 && !hasRoom(displaced)) {
                            displace(other);
                        }
                    });
            if (!hasRoom(displaced)) {
                return null;
            }
            spareWhoIsNotNeeded(excluding);
            int highest = displaced.stream().mapToInt(Job::priority).max().orElse(0);
            return new Displacement(List.copyOf(displaced), highest);
        }

        private boolean isPlaced(Job other) {
            return machine.id().equals(other.machine());
        }

        private UnitRequirements requirements() {
            return Objects.requireNonNull(job.requirements());
        }

        private boolean excludes(Job other) {
            return job.conflictsWith(other) || other.replaces(job);
        }

        /** Of what is asked for, the part of the machine that the other one takes. */
        private double share(Job other) {
            Resources all = machine.capacity();
            double cpu =
                    job.request().cpuMillis() == 0
                            ? 0
                            : (double) other.request().cpuMillis() / Math.max(1, all.cpuMillis());
            double memory =
                    job.request().memoryBytes() == 0
                            ? 0
                            : (double) other.request().memoryBytes()
                                    / Math.max(1, all.memoryBytes());
            return cpu + memory;
        }

        private boolean hasRoom(Set<Job> gone) {
            Resources taken = reserved;
            for (Job other : arriving) {
                taken = taken.plus(other.request());
            }
            for (Job other : staying) {
                if (!gone.contains(other)) {
                    taken = taken.plus(other.request());
                }
            }
            return job.request().fitsInto(machine.capacity(), taken);
        }

        /**
         * Takes the other one away, with all that have to be where it is; false: that may not be.
         */
        private boolean displace(Job other) {
            Set<Job> together = withDependents(other);
            for (Job one : together) {
                boolean needed = isPlaced(one) && requirements().machineOf().contains(one.name());
                if (one.priority() >= job.priority() || needed) {
                    return false;
                }
            }
            displaced.addAll(together);
            return true;
        }

        private Set<Job> withDependents(Job other) {
            var together = new LinkedHashSet<Job>();
            var open = new ArrayDeque<Job>(List.of(other));
            while (!open.isEmpty()) {
                Job next = open.remove();
                if (together.add(next) && isPlaced(next)) {
                    for (Job dependent : staying) {
                        UnitRequirements theirs = dependent.requirements();
                        if (theirs != null && theirs.machineOf().contains(next.name())) {
                            open.add(dependent);
                        }
                    }
                }
            }
            return together;
        }

        private void spareWhoIsNotNeeded(Set<Job> excluding) {
            List<Job> dearestFirst =
                    displaced.stream()
                            .filter(other -> !excluding.contains(other))
                            .sorted(Comparator.comparingInt(Job::priority).reversed())
                            .toList();
            for (Job other : dearestFirst) {
                var fewer = new LinkedHashSet<>(displaced);
                fewer.remove(other);
                boolean staysWithItsPeers =
                        fewer.stream().noneMatch(gone -> dependsOn(other, gone.name()));
                if (staysWithItsPeers && hasRoom(fewer)) {
                    displaced.remove(other);
                }
            }
        }

        private static boolean dependsOn(Job one, UnitName other) {
            UnitRequirements requirements = one.requirements();
            return requirements != null && requirements.machineOf().contains(other);
        }
    }
}
