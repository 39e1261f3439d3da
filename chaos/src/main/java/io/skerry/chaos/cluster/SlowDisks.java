package io.skerry.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk in a file whose writes the kernel holds back: by the controller blkio of cgroup v1, which
 * counts what the processes of one group write to one device. A sync waits for its write.
 */
final class SlowDisks {
    private static final Path CONTROLLER = Path.of("/sys/fs/cgroup/blkio");
    private static final String LIMIT = "blkio.throttle.write_iops_device";
    private static final String PROCESSES = "cgroup.procs";

    private final Path group;
    private final String device;

    private SlowDisks(Path group, String device) {
        this.group = group;
        this.device = device;
    }

    /** Whether there are loop devices, the controller, and who makes a file system. */
    static boolean possible() {
        return Files.isWritable(CONTROLLER.resolve(LIMIT))
                && Files.isWritable(Path.of("/dev/loop-control"))
                && Cables.installed("mkfs.ext4");
    }

    /** The disk that is mounted at a folder. */
    static SlowDisks of(Path folder, String name) throws IOException {
        String mounted =
                Files.readAllLines(Path.of("/proc/mounts")).stream()
                        .map(line -> line.split(" ", -1))
                        .filter(fields -> fields[1].equals(folder.toString()))
                        .map(fields -> fields[0])
                        .findFirst()
                        .orElseThrow(() -> new IOException(folder + " is not mounted"));
        Path block = Path.of("/sys/block").resolve(Path.of(mounted).getFileName());
        Path group = CONTROLLER.resolve(name);
        if (!Files.isDirectory(group)) {
            Files.createDirectory(group);
        }
        return new SlowDisks(group, Files.readString(block.resolve("dev")).strip());
    }

    /** The file behind a device; null if it has none. */
    static @Nullable Path image(String device) throws IOException {
        if (!device.startsWith("/dev/loop")) {
            return null;
        }
        Path name = Path.of(device.substring("/dev/".length()));
        Path file = Path.of("/sys/block").resolve(name).resolve("loop/backing_file");
        return Files.exists(file) ? Path.of(Files.readString(file).strip()) : null;
    }

    /** Groups of this and of other runs. */
    static List<Path> groups() throws IOException {
        if (!Files.isDirectory(CONTROLLER)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(CONTROLLER)) {
            return all.filter(group -> group.getFileName().toString().startsWith(Disks.PREFIX))
                    .toList();
        }
    }

    void used(long pid) throws IOException {
        Files.writeString(group.resolve(PROCESSES), Long.toString(pid));
    }

    void limit(int writesPerSecond) throws IOException {
        Files.writeString(group.resolve(LIMIT), device + " " + writesPerSecond);
    }

    /** Its processes must have ended. */
    void remove() throws IOException {
        Files.deleteIfExists(group);
    }
}
