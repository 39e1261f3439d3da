package io.skerry.base.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The {@code process_*} metrics as Prometheus' own libraries name them, from {@code /proc/self}.
 */
final class ProcessMetrics {
    private static final Path SELF = Path.of("/proc/self");
    private static final double TICKS_PER_SECOND = 100;
    private static final double KIB = 1024;
    private static final double MILLIS_PER_SECOND = 1000;

    private ProcessMetrics() {}

    static void register(Metrics metrics) {
        metrics.gauge(
                "process_start_time_seconds",
                "Start of the process since the epoch.",
                ProcessMetrics::startSeconds);
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
        for (String name : List.of("process_open_fds", "os_fd_used")) {
            metrics.gauge(name, "Open file descriptors.", ProcessMetrics::openFileDescriptors);
        }
        for (String name : List.of("process_max_fds", "os_fd_limit")) {
            metrics.gauge(
                    name, "How many file descriptors may be open.", () -> limit("Max open files"));
        }
        metrics.gauge(
                "process_virtual_memory_max_bytes",
                "How much virtual memory there may be; -1 for any.",
                () -> limit("Max address space"));
    }

    /** Not by the JVM's management beans, which take a tenth of a small server's start. */
    private static double startSeconds() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> start.toEpochMilli() / MILLIS_PER_SECOND)
                .orElse(Double.NaN);
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

    /** The soft limit of that name; -1 if there is none. */
    private static double limit(String name) {
        try (Stream<String> lines = Files.lines(SELF.resolve("limits"))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).strip().split("\\s+", -1)[0])
                    .mapToDouble(soft -> soft.equals("unlimited") ? -1 : Double.parseDouble(soft))
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
