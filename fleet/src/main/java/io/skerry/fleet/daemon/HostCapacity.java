package io.skerry.fleet.daemon;

import io.skerry.fleet.model.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What this host has for units: its processors and its memory, within the limits set for it. */
public final class HostCapacity {
    private static final String UNLIMITED = "max";

    private HostCapacity() {}

    /** The whole of the host's CPU and memory. */
    public static Resources read() throws IOException {
        return read(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    /**
     * As {@link #read()}, from other roots.
     *
     * @param cgroup the control group that the host's first process began in; a host that is a
     *     container has limits there
     */
    static Resources read(Path proc, Path cgroup) throws IOException {
        return new Resources(
                Math.min(processors(proc) * 1000, cpuLimit(cgroup)),
                Math.min(memory(proc), memoryLimit(cgroup)));
    }

    private static long processors(Path proc) throws IOException {
        return lines(proc.resolve("cpuinfo")).stream()
                .filter(line -> line.startsWith("processor"))
                .count();
    }

    private static long memory(Path proc) throws IOException {
        for (String line : lines(proc.resolve("meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException(proc.resolve("meminfo") + " has no MemTotal");
    }

    /** {@code cpu.max} holds a quota and its period, in microseconds. */
    private static long cpuLimit(Path cgroup) throws IOException {
        String[] words = limit(cgroup.resolve("cpu.max")).split(" ", -1);
        return words[0].equals(UNLIMITED)
                ? Long.MAX_VALUE
                : Long.parseLong(words[0]) * 1000 / Long.parseLong(words[1]);
    }

    private static long memoryLimit(Path cgroup) throws IOException {
        String limit = limit(cgroup.resolve("memory.max"));
        return limit.equals(UNLIMITED) ? Long.MAX_VALUE : Long.parseLong(limit);
    }

    private static String limit(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return UNLIMITED; // the root of all groups, or no group at all
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file);
    }
}
