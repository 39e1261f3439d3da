package io.skerry.testbed.hosts;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every host of a playground sees besides the machine's own root.
 *
 * @param program folder mounted read-only at {@link #PROGRAM_MOUNT}; null: none
 * @param jdk folder mounted read-only at its own path
 * @param links symbolic links to make, from the path of the link to its target
 * @param units units to enable for multi-user.target; their files are installed apart
 */
public record HostImage(
        @Nullable Path program, Path jdk, Map<String, String> links, List<String> units) {
    /** Where the program lies inside a host. */
    public static final String PROGRAM_MOUNT = "/opt/skerry";

    public HostImage {
        links = Map.copyOf(links);
        units = List.copyOf(units);
    }

    /** Hosts with nothing of ours: systemd and what the machine has. */
    public static HostImage bare() {
        return new HostImage(null, Path.of(System.getProperty("java.home")), Map.of(), List.of());
    }

    /** The binds as {@code host.sh} wants them: "source target" lines. */
    String binds() {
        String lines = jdk + " " + jdk + "\n";
        return program == null ? lines : lines + program + " " + PROGRAM_MOUNT + "\n";
    }
}
