package io.skerry.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.chaos.cluster.Members;
import io.skerry.chaos.fault.FaultKind;
import io.skerry.chaos.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Real members under all faults that are possible here: everything as root, without partitions
 * otherwise. {@code -Dchaos.seconds} sets the length of each run, {@code -Dseed} repeats one.
 */
class StoreRunTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("chaos.seconds", 80));

    @Test
    void threeMembersKeepEveryPromiseUnderFaults() throws Exception {
        run(3, TIME);
    }

    @Test
    void fiveMembersKeepEveryPromiseUnderFaults() throws Exception {
        run(5, TIME);
    }

    private static void run(int members, Duration time) throws Exception {
        boolean separated = Members.canBeSeparated();
        Set<FaultKind> faults = EnumSet.allOf(FaultKind.class);
        if (!separated) {
            faults.removeIf(FaultKind::needsRoot);
        }
        Long seed = Long.getLong("seed");
        var plan =
                new RunPlan(
                        program(),
                        Path.of(System.getProperty("java.io.tmpdir")),
                        members,
                        time,
                        seed == null ? System.nanoTime() : seed,
                        faults,
                        EnumSet.copyOf(Arrays.asList(Workload.values())),
                        separated);
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
    }

    private static List<String> program() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.skerry.etcd.server.EtcdCommand");
    }
}
