package io.skerry.chaos.cluster;

import io.skerry.base.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small disk in memory for each member's data, so that it can be full. Their mounts carry the
 * number of this process, so that a later run removes what a killed one left.
 */
final class Disks {
    private static final String PREFIX = "skerry-chaos-";
    private static final String BALLAST = "ballast";
    private static final int MEGABYTES = 512;

    private final List<Path> mounted = new ArrayList<>();

    /** Mounts a disk at a folder that is made for it. */
    void mount(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String name = PREFIX + ProcessHandle.current().pid();
        Command.of("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", name, folder.toString())
                .check();
        mounted.add(folder);
    }

    /** Takes all that is left of a disk. */
    static void fill(Path folder) throws IOException, InterruptedException {
        // Ends with an error when there is no space left, as it should.
        Command.of("dd", "if=/dev/zero", "of=" + folder.resolve(BALLAST), "bs=1M").run();
    }

    static void free(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(BALLAST));
    }

    static void removeLeftovers() throws IOException, InterruptedException {
        for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
            String[] fields = line.split(" ", -1);
            if (fields[0].startsWith(PREFIX)) {
                long process = Long.parseLong(fields[0].substring(PREFIX.length()));
                if (ProcessHandle.of(process).isEmpty()) {
                    Command.of("umount", fields[1]).run();
                }
            }
        }
    }

    /** Copies what the disks hold to the folders below them and unmounts; nothing may use them. */
    void remove() throws IOException, InterruptedException {
        for (Path folder : mounted) {
            free(folder);
            Path copy = folder.resolveSibling(folder.getFileName() + ".copy");
            Command.of("cp", "-a", folder.toString(), copy.toString()).run();
            Command.of("umount", folder.toString()).check();
            Files.delete(folder);
            if (Files.isDirectory(copy)) {
                Files.move(copy, folder);
            }
        }
        mounted.clear();
    }
}
