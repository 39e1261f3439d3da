package io.skerry.base.metrics;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The {@code process_*} metrics as Prometheus' own libraries name them, from {@code /proc/self}.
 */
final class ProcessMetrics {
    private static final Path SELF = Path.of("/proc/self");
    private static final double TICKS_PER_SECOND = 100;
    private static final double KIB = 1024;

    private ProcessMetrics() {}

    static void register(Metrics metrics) {
        double started = ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0;
        metrics.gauge(
                "process_start_time_seconds",
                "Start of the process since the epoch.",
                () -> started);
        metrics.gauge(
                "process_resident_memory_bytes",
                "Memory of the process that is resident.",
                () -> statusKib("VmRSS:") * KIB);
        metrics.gauge(
                "process_virtual_memory_bytes",
                "Virtual memory of the process.",
                () -> statusKib("VmSize:") * KIB);
        metrics.counter(
                "process_cpu_seconds_total",
                "User and system CPU time.",
                ProcessMetrics::cpuSeconds);
        metrics.gauge(
                "process_open_fds", "Open file descriptors.", ProcessMetrics::openFileDescriptors);
    }

    private static double statusKib(String field) {
        try (Stream<String> lines = Files.lines(SELF.resolve("status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .map(line -> line.substring(field.length()).replace("kB", "").strip())
                    .mapToDouble(Double::parseDouble)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static double cpuSeconds() {
        try {
            String stat = Files.readString(SELF.resolve("stat"));
            // The second field, the name, may hold blanks; what follows its ")" does not.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]))
                    / TICKS_PER_SECOND;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static double openFileDescriptors() {
        try (Stream<Path> open = Files.list(SELF.resolve("fd"))) {
            return open.count();
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
