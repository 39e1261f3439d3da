package io.skerry.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skerry.chaos.cluster.Members;
import io.skerry.chaos.fault.FaultKind;
import io.skerry.chaos.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Real members under faults: as root also of networks and full disks. {@code -Dchaos.seconds} sets
 * the length of each run, {@code -Dseed} plans other faults than the same each time.
 */
class StoreRunTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("chaos.seconds", 80));

    /** Enough for each kind of two to come twice. */
    private static final Duration SHORT_TIME =
            Duration.ofSeconds(Math.max(25, Long.getLong("chaos.seconds", 0)));

    @Test
    void threeMembersKeepEveryPromiseUnderFaults() throws Exception {
        run(3, TIME, faults(3));
    }

    @Test
    void fiveMembersKeepEveryPromiseUnderFaults() throws Exception {
        run(5, TIME, faults(5));
    }

    @Test
    void everyPromiseIsKeptWhileMembersAreReplacedAndLinksAreCut() throws Exception {
        assumeTrue(Members.canBeSeparated());
        RunReport report = run(3, SHORT_TIME, EnumSet.of(FaultKind.PARTITION, FaultKind.MEMBER));
        assertThat(report.faults())
                .anyMatch(fault -> fault.contains("cut") || fault.contains("bridge"))
                .anyMatch(fault -> fault.startsWith("replaced "));
    }

    /** What keeps a run short: the slower ones are FaultsTest's, one by one, and the command's. */
    private static Set<FaultKind> faults(int members) {
        Set<FaultKind> kinds = FaultKind.possible(members, Members.canBeSeparated());
        kinds.removeAll(EnumSet.of(FaultKind.SLOW, FaultKind.CLOCK, FaultKind.MEMBER));
        return kinds;
    }

    private static RunReport run(int members, Duration time, Set<FaultKind> faults)
            throws Exception {
        boolean separated = Members.canBeSeparated();
        var plan =
                new RunPlan(
                        MemberProgram.command(),
                        Path.of(System.getProperty("java.io.tmpdir")),
                        members,
                        time,
                        Long.getLong("seed", 1),
                        faults,
                        EnumSet.copyOf(Arrays.asList(Workload.values())),
                        separated,
                        false);
        var run = new StoreRun(plan, System.out::println);
        RunReport report;
        try (run) {
            report = run.run();
        }
        System.out.println(report.text());
        assertThat(report.passed()).as(report.text()).isTrue();
        run.removeFolder();
        assertThat(report.calls()).isGreaterThan(100);
        assertThat(report.watchResponses()).isPositive();
        assertThat(report.leases()).isPositive();
        return report;
    }
}
