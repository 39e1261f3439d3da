package io.skerry.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A small disk for each member's data, so that it can be full and, if wanted, slow: then it is an
 * ext4 in a file, otherwise one in memory. Mounts and files carry the number of this process, so
 * that a later run removes what a killed one left.
 */
final class Disks {
    static final String PREFIX = "skerry-chaos-";
    private static final String BALLAST = "ballast";
    private static final int MEGABYTES = 512;
    private static final int UNMOUNT_TRIES = 100;
    private static final long UNMOUNT_PAUSE_MILLIS = 100;

    private final boolean canBeSlow;
    private final Map<Path, Path> images = new LinkedHashMap<>();
    private final Map<Path, SlowDisks> slow = new LinkedHashMap<>();

    /**
     * None yet.
     *
     * @param canBeSlow whether each is to lie in a file, on a device that can be held back
     */
    Disks(boolean canBeSlow) {
        this.canBeSlow = canBeSlow;
    }

    /** Mounts a disk at a folder that is made for it. */
    void mount(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String name = PREFIX + ProcessHandle.current().pid();
        if (!canBeSlow) {
            images.put(folder, folder);
            Cables.command(
                            "mount",
                            "-t",
                            "tmpfs",
                            "-o",
                            "size=" + MEGABYTES + "m",
                            name,
                            folder.toString())
                    .check();
            return;
        }
        Path image = folder.resolveSibling(name + "-" + folder.getFileName() + ".img");
        Cables.command("truncate", "-s", MEGABYTES + "M", image.toString()).check();
        // No journal: the file system never loses its memory, and a kernel thread that writes one
        // could not be slowed down.
        Cables.command("mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal", image.toString())
                .check();
        images.put(folder, image);
        Cables.command("mount", "-t", "ext4", "-o", "loop", image.toString(), folder.toString())
                .check();
        slow.put(folder, SlowDisks.of(folder, name + "-" + folder.getFileName()));
    }

    /** What a member's process does from now on happens to its disk as {@link #slow} says. */
    void used(Path folder, long pid) throws IOException {
        SlowDisks disk = slow.get(folder);
        if (disk != null) {
            disk.used(pid);
        }
    }

    /** Lets a disk take so many writes a second; 0: as many as it can. */
    void slow(Path folder, int writesPerSecond) throws IOException {
        SlowDisks disk = slow.get(folder);
        if (disk == null) {
            throw new IllegalStateException("this disk cannot be made slow");
        }
        disk.limit(writesPerSecond);
    }

    /** Takes all that is left of a disk. */
    static void fill(Path folder) throws IOException, InterruptedException {
        // Ends with an error when there is no space left, as it should.
        Cables.command("dd", "if=/dev/zero", "of=" + folder.resolve(BALLAST), "bs=1M").run();
    }

    static void free(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(BALLAST));
    }

    static void removeLeftovers() throws IOException, InterruptedException {
        for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
            String[] fields = line.split(" ", -1);
            Path image = SlowDisks.image(fields[0]);
            String name = image == null ? fields[0] : String.valueOf(image.getFileName());
            if (name.startsWith(PREFIX) && ended(name)) {
                Cables.command("umount", fields[1]).run();
                if (image != null) {
                    Files.deleteIfExists(image);
                }
            }
        }
        for (Path group : SlowDisks.groups()) {
            if (ended(group.getFileName().toString())) {
                Files.deleteIfExists(group);
            }
        }
    }

    private static boolean ended(String name) {
        String process = name.substring(PREFIX.length()).split("-", 2)[0];
        return ProcessHandle.of(Long.parseLong(process)).isEmpty();
    }

    /** What used the disk has ended, but the kernel may still be busy with it for a moment. */
    private static void unmount(Path folder) throws IOException, InterruptedException {
        for (int i = 1; i < UNMOUNT_TRIES; i++) {
            if (Cables.command("umount", folder.toString()).run().exitCode() == 0) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(UNMOUNT_PAUSE_MILLIS);
        }
        Cables.command("umount", folder.toString()).check();
    }

    /** Copies what the disks hold to the folders below them and unmounts; nothing may use them. */
    void remove() throws IOException, InterruptedException {
        for (var mounted : images.entrySet()) {
            Path folder = mounted.getKey();
            free(folder);
            Path copy = folder.resolveSibling(folder.getFileName() + ".copy");
            Cables.command("cp", "-a", folder.toString(), copy.toString()).run();
            unmount(folder);
            Files.delete(folder);
            if (Files.isDirectory(copy)) {
                Files.move(copy, folder, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!mounted.getValue().equals(folder)) {
                Files.deleteIfExists(mounted.getValue());
            }
        }
        images.clear();
        for (SlowDisks disk : List.copyOf(slow.values())) {
            disk.remove();
        }
        slow.clear();
    }
}
