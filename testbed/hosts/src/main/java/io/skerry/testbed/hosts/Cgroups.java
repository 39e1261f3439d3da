package io.skerry.testbed.hosts;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Control groups by their path below the root of every hierarchy, e.g. {@code skerry/default/h1}.
 * Membership is what tells a host's processes from all others: a process cannot leave its group, so
 * killing a group can neither miss a process nor hit a stranger.
 */
final class Cgroups {
    private static final Duration TICK = Duration.ofMillis(5);
    private static final int MOST_ATTEMPTS = 20;

    private final CgroupLayout layout;

    Cgroups(CgroupLayout layout) {
        this.layout = layout;
    }

    static Cgroups ofMachine() throws IOException {
        return new Cgroups(CgroupLayout.parse(Files.readString(Path.of("/proc/self/mountinfo"))));
    }

    CgroupLayout layout() {
        return layout;
    }

    /** The group's folder in every hierarchy. */
    List<Path> folders(String group) {
        return layout.mounts().stream().map(mount -> mount.resolve(group)).toList();
    }

    /** Makes the group in every hierarchy. */
    void create(String group) throws IOException {
        for (CgroupLayout.Version1 hierarchy : layout.version1()) {
            repeatedly(hierarchy.mount(), () -> createVersion1(hierarchy, group));
        }
        createUnified(group);
    }

    /** Makes the group in the v2 hierarchy only: enough to find and kill what is in it. */
    void createUnified(String group) throws IOException {
        repeatedly(layout.unified(), () -> createVersion2(group));
        if (!Files.exists(layout.unified().resolve(group).resolve("cgroup.kill"))) {
            throw new PlaygroundException(
                    "this kernel cannot kill a control group as a whole: Linux 5.14 or newer is"
                            + " needed");
        }
    }

    private interface Creation {
        void run() throws IOException;
    }

    /** Another playground that ends may remove a group above ours until ours is in it. */
    private static void repeatedly(Path hierarchy, Creation creation) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                creation.run();
                return;
            } catch (NoSuchFileException e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw unusable(hierarchy, e);
                }
            } catch (IOException e) {
                throw unusable(hierarchy, e);
            }
        }
    }

    private void createVersion2(String group) throws IOException {
        Path at = layout.unified();
        for (Path part : Path.of(group)) {
            passControllersOn(at);
            at = at.resolve(part);
            createDirectory(at);
        }
    }

    private static void createVersion1(CgroupLayout.Version1 hierarchy, String group)
            throws IOException {
        Path at = hierarchy.mount();
        for (Path part : Path.of(group)) {
            Path parent = at;
            at = at.resolve(part);
            createDirectory(at);
            if (hierarchy.isCpuset()) {
                inheritProcessors(parent, at);
            }
        }
    }

    /**
     * Unlike other controllers this one starts with nothing and then refuses tasks. Also done where
     * the group is there: the command that made it may not have come so far yet.
     */
    private static void inheritProcessors(Path parent, Path group) throws IOException {
        for (String name : List.of("cpuset.cpus", "cpuset.mems")) {
            Path file = group.resolve(name);
            if (Files.readString(file).isBlank()) {
                Files.writeString(file, Files.readString(parent.resolve(name)));
            }
        }
        Files.writeString(group.resolve("cgroup.clone_children"), "1");
    }

    private static void createDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    private static PlaygroundException unusable(Path at, IOException cause) {
        return new PlaygroundException(
                "cannot make control groups in "
                        + at
                        + " ("
                        + cause.getMessage()
                        + "): is "
                        + "/sys/fs/cgroup writable, i.e. is this not an unprivileged container?",
                cause);
    }

    private static void passControllersOn(Path group) throws IOException {
        String controllers = Files.readString(group.resolve("cgroup.controllers")).strip();
        for (String controller : controllers.split(" ", -1)) {
            if (!controller.isEmpty()) {
                Files.writeString(group.resolve("cgroup.subtree_control"), "+" + controller);
            }
        }
    }

    boolean exists(String group) {
        return folders(group).stream().anyMatch(Files::isDirectory);
    }

    /** Names of the groups directly below one, in any hierarchy. */
    List<String> children(String group) {
        var names = new ArrayList<String>();
        for (Path folder : folders(group)) {
            for (Path child : foldersIn(folder)) {
                String name = String.valueOf(child.getFileName());
                if (!names.contains(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** Moves a process to a group of the v2 hierarchy. */
    void moveUnified(long pid, String group) throws IOException {
        Files.writeString(
                layout.unified().resolve(group).resolve("cgroup.procs"), Long.toString(pid));
    }

    /**
     * Ids of the processes in the group and below, by the v2 hierarchy. One that moves between
     * these groups at that moment may be missing.
     */
    List<Long> processes(String group) {
        return processesBelow(layout.unified().resolve(group));
    }

    /** Ids of the processes in the group itself; none when it is not there. */
    List<Long> ownProcesses(String group) {
        return processesIn(layout.unified().resolve(group)).toList();
    }

    private static List<Long> processesBelow(Path folder) {
        return foldersBelow(folder).stream().flatMap(Cgroups::processesIn).toList();
    }

    private static Stream<Long> processesIn(Path folder) {
        try {
            return Files.readAllLines(folder.resolve("cgroup.procs")).stream()
                    .map(line -> Long.parseLong(line.strip()));
        } catch (IOException gone) {
            return Stream.empty(); // the group was removed while we looked, so nobody is in it
        }
    }

    /** The folder and all below it, parents before children; empty if it is not there. */
    private static List<Path> foldersBelow(Path folder) {
        var found = new ArrayList<Path>();
        if (Files.isDirectory(folder)) {
            found.add(folder);
            foldersIn(folder).forEach(child -> found.addAll(foldersBelow(child)));
        }
        return found;
    }

    /** Empty also when the folder vanishes meanwhile, as the groups of a dying host do. */
    private static List<Path> foldersIn(Path folder) {
        File[] children = folder.toFile().listFiles(File::isDirectory);
        return children == null ? List.of() : Arrays.stream(children).map(File::toPath).toList();
    }

    boolean isFrozen(String group) throws IOException {
        return tells(group, "frozen 1");
    }

    /**
     * Whether the group or one below it has a process. The kernel counts, whereas a look at the
     * members of one group after the other misses a process that moves between them meanwhile.
     */
    boolean isPopulated(String group) throws IOException {
        return tells(group, "populated 1");
    }

    private boolean tells(String group, String event) throws IOException {
        try {
            Path events = layout.unified().resolve(group).resolve("cgroup.events");
            return Files.readString(events).lines().anyMatch(event::equals);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Stops or continues all processes of the group; returns when they are. */
    void freeze(String group, boolean frozen) throws IOException, InterruptedException {
        Path folder = layout.unified().resolve(group);
        Files.writeString(folder.resolve("cgroup.freeze"), frozen ? "1" : "0");
        var deadline = Deadline.in(Duration.ofSeconds(60));
        while (isFrozen(group) != frozen) {
            deadline.pause(TICK, () -> "the processes of " + group + " did not change state");
        }
    }

    /** Kills all processes of the group at once and returns when none is left. */
    void kill(String group, Duration limit) throws IOException, InterruptedException {
        Path folder = layout.unified().resolve(group);
        if (!Files.isDirectory(folder)) {
            return;
        }
        Files.writeString(folder.resolve("cgroup.kill"), "1");
        var deadline = Deadline.in(limit);
        while (isPopulated(group)) {
            deadline.pause(
                    TICK,
                    () -> "processes of " + group + " do not end; see ps for those in state D");
        }
    }

    /** Removes the group and all below it from every hierarchy; its processes must have ended. */
    void remove(String group) throws PlaygroundException, InterruptedException {
        var deadline = Deadline.in(Duration.ofSeconds(60));
        for (Path folder : folders(group)) {
            while (!removeTree(folder)) {
                // A process that was just killed leaves its v1 groups a little later.
                deadline.pause(TICK, () -> "the control group " + folder + " cannot be removed");
            }
        }
    }

    /** Removes a group unless something is in it; never what is below, which may be another's. */
    void removeIfEmpty(String group) {
        for (Path folder : folders(group)) {
            var _ = folder.toFile().delete(); // refused by the kernel while others are below it
        }
    }

    private static boolean removeTree(Path folder) {
        boolean all = true;
        for (Path at : foldersBelow(folder).reversed()) {
            try {
                Files.deleteIfExists(at);
            } catch (IOException busy) {
                all = false;
            }
        }
        return all;
    }

    /** Bytes of memory of the group's processes, page cache not counted where that is known. */
    long memoryBytes(String group) throws IOException {
        for (CgroupLayout.Version1 hierarchy : layout.version1()) {
            if (hierarchy.options().equals("memory")) {
                return statistic(hierarchy.mount().resolve(group), "total_rss");
            }
        }
        return statistic(layout.unified().resolve(group), "anon");
    }

    private static long statistic(Path folder, String name) throws IOException {
        try {
            return Files.readAllLines(folder.resolve("memory.stat")).stream()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                    .sum();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
