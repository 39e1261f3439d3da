package io.skerry.bench.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A limit on the memory of processes, by a control group of its own: everything they have in RAM
 * counts, also what the kernel keeps of their files and can give up.
 */
final class MemoryLimit implements AutoCloseable {
    private static final Path V1 = Path.of("/sys/fs/cgroup/memory");
    private static final Path V2 = Path.of("/sys/fs/cgroup");

    private final Optional<Path> group;

    private MemoryLimit(Optional<Path> group) {
        this.group = group;
    }

    /** A limit where the kernel and our rights allow one, otherwise none. */
    static MemoryLimit of(long bytes) {
        String name = "skerry-bench-" + ProcessHandle.current().pid();
        boolean first = Files.exists(V1.resolve("memory.limit_in_bytes"));
        Path group = (first ? V1 : V2).resolve(name);
        try {
            Files.createDirectory(group);
            Files.writeString(
                    group.resolve(first ? "memory.limit_in_bytes" : "memory.max"),
                    Long.toString(bytes));
            return new MemoryLimit(Optional.of(group));
        } catch (IOException e) {
            remove(group);
            return new MemoryLimit(Optional.empty());
        }
    }

    /** False where no limit could be set: what is measured is then all there is to say. */
    boolean holds() {
        return group.isPresent();
    }

    /** What starts this command within the limit. */
    List<String> around(List<String> command) {
        if (group.isEmpty()) {
            return command;
        }
        var limited = new ArrayList<String>();
        limited.addAll(List.of("/bin/sh", "-c", "echo $$ >\"$0\" && exec \"$@\""));
        limited.add(group.get().resolve("cgroup.procs").toString());
        limited.addAll(command);
        return limited;
    }

    /** To be called when its processes have ended. */
    @Override
    public void close() {
        group.ifPresent(MemoryLimit::remove);
    }

    private static void remove(Path group) {
        try {
            Files.deleteIfExists(group);
        } catch (IOException e) {
            // An empty group that stays costs nothing.
        }
    }
}
