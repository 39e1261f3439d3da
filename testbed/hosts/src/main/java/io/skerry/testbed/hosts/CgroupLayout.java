package io.skerry.testbed.hosts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the machine has its control group hierarchies. Two layouts are supported: pure v2 (one
 * hierarchy), and hybrid (v1 controllers each on their own, systemd's named hierarchy, and a v2
 * hierarchy without controllers).
 *
 * @param unified mount point of the v2 hierarchy; hosts are killed and frozen through it
 * @param version1 the v1 hierarchies; empty on a pure v2 machine
 */
record CgroupLayout(Path unified, List<Version1> version1) {
    /**
     * @param options what {@code mount -o} needs to mount the same hierarchy again
     */
    record Version1(Path mount, String options) {
        boolean isCpuset() {
            return Arrays.asList(options.split(",", -1)).contains("cpuset");
        }
    }

    private static final String SYSTEMD = "name=systemd";

    CgroupLayout {
        version1 = List.copyOf(version1);
    }

    boolean isPureVersion2() {
        return version1.isEmpty();
    }

    /** Every hierarchy's mount point, the v2 one last. */
    List<Path> mounts() {
        var all = new ArrayList<Path>();
        version1.forEach(hierarchy -> all.add(hierarchy.mount()));
        all.add(unified);
        return all;
    }

    /** Reads {@code /proc/self/mountinfo} (proc_pid_mountinfo(5)). */
    static CgroupLayout parse(String mountInfo) throws PlaygroundException {
        Path unified = null;
        var version1 = new ArrayList<Version1>();
        for (String line : mountInfo.lines().toList()) {
            String[] halves = line.split(" - ", 2);
            if (halves.length < 2) {
                continue;
            }
            String[] mount = halves[0].split(" ", -1);
            String[] source = halves[1].split(" ", -1);
            if (mount.length < 5 || source.length < 3) {
                continue;
            }
            Path at = Path.of(mount[4]);
            if (!at.startsWith("/sys/fs/cgroup")) {
                continue;
            }
            if (source[0].equals("cgroup2")) {
                unified = at;
            } else if (source[0].equals("cgroup")) {
                version1.add(new Version1(at, mountOptions(source[2])));
            }
        }
        return checked(unified, version1);
    }

    private static CgroupLayout checked(@Nullable Path unified, List<Version1> version1)
            throws PlaygroundException {
        if (unified == null) {
            throw new PlaygroundException(
                    version1.isEmpty()
                            ? "no control groups are mounted under /sys/fs/cgroup: mount them with"
                                    + " \"mount -t cgroup2 cgroup2 /sys/fs/cgroup\""
                            : "this machine mounts control groups of version 1 only: mount those of"
                                    + " version 2 beside them with \"mkdir -p"
                                    + " /sys/fs/cgroup/unified && mount -t cgroup2 cgroup2"
                                    + " /sys/fs/cgroup/unified\"");
        }
        boolean systemd = version1.stream().anyMatch(h -> h.options().endsWith(SYSTEMD));
        if (!version1.isEmpty() && !systemd) {
            throw new PlaygroundException(
                    "this machine lacks systemd's own control group hierarchy: mount it with"
                            + " \"mkdir -p /sys/fs/cgroup/systemd && mount -t cgroup -o none,"
                            + SYSTEMD
                            + " cgroup /sys/fs/cgroup/systemd\"");
        }
        return new CgroupLayout(unified, version1);
    }

    private static String mountOptions(String superOptions) {
        var kept = new ArrayList<String>();
        for (String option : superOptions.split(",", -1)) {
            boolean general = List.of("rw", "ro", "xattr", "clone_children").contains(option);
            if (!general && !option.startsWith("release_agent=")) {
                kept.add(option);
            }
        }
        String options = String.join(",", kept);
        return options.startsWith("name=") ? "none," + options : options;
    }
}
