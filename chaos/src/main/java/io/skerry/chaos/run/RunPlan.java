package io.skerry.chaos.run;

import io.skerry.chaos.fault.FaultKind;
import io.skerry.chaos.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What is to be run.
 *
 * @param program starts a member when etcd's flags are appended
 * @param folder in which a folder for the run is made
 * @param separated whether members get networks of their own
 * @param tls whether members talk TLS, with certificates on both sides
 */
public record RunPlan(
        List<String> program,
        Path folder,
        int members,
        Duration time,
        long seed,
        Set<FaultKind> faults,
        Set<Workload> workloads,
        boolean separated,
        boolean tls) {
    public RunPlan {
        program = List.copyOf(program);
        faults = faults.isEmpty() ? Set.of() : EnumSet.copyOf(faults);
        if (workloads.isEmpty()) {
            throw new IllegalArgumentException("--workload: at least one is needed");
        }
        workloads = EnumSet.copyOf(workloads);
        if (members != 1 && members != 3 && members != 5) {
            throw new IllegalArgumentException("--members: " + members + " must be 1, 3 or 5");
        }
        if (time.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "--seconds: " + time.toSeconds() + " must be at least 1");
        }
        for (FaultKind kind : faults) {
            kind.lacking(members, separated)
                    .ifPresent(what -> {
                        throw new IllegalArgumentException(
                                "--faults: " + kind.label() + " needs " + what);
                    });
        }
    }
}
