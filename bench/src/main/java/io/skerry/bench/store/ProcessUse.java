package io.skerry.bench.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * What processes have used, from {@code /proc}.
 *
 * @param cpuSeconds user and system time of all their threads
 * @param residentBytes memory in RAM
 * @param peakBytes the most memory in RAM that each has had since it began
 */
public record ProcessUse(double cpuSeconds, long residentBytes, long peakBytes) {
    /** The kernel's unit of processor time for user space; 100 on every Linux of today. */
    private static final double TICKS_A_SECOND = 100;

    private static final int FIELD_UTIME = 11; // counted after the command's name and the state
    private static final int FIELD_STIME = 12;

    /** The sum over the given processes. */
    public static ProcessUse of(Collection<Long> pids) throws IOException {
        double cpuSeconds = 0;
        long resident = 0;
        long peak = 0;
        for (long pid : pids) {
            Path process = Path.of("/proc", Long.toString(pid));
            String stat = Files.readString(process.resolve("stat"));
            // The name is in parentheses and may have blanks and parentheses itself.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            cpuSeconds +=
                    (Long.parseLong(fields[FIELD_UTIME]) + Long.parseLong(fields[FIELD_STIME]))
                            / TICKS_A_SECOND;
            String status = Files.readString(process.resolve("status"));
            resident += bytesOf(status, "VmRSS:");
            peak += bytesOf(status, "VmHWM:");
        }
        return new ProcessUse(cpuSeconds, resident, peak);
    }

    private static long bytesOf(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
