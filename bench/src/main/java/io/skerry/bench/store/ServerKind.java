package io.skerry.bench.store;

import java.nio.file.Path;
import java.util.List;

/**
 * A program that serves as a store.
 *
 * @param label in reports
 * @param command what starts it; etcd's own flags follow
 */
public record ServerKind(String label, List<String> command) {
    /** Keeps its own copy. */
    public ServerKind {
        command = List.copyOf(command);
    }

    /** The original, as Debian installs it. */
    static ServerKind etcd(Path program) {
        return new ServerKind("etcd", List.of(program.toString()));
    }

    /** Ours, through its launcher. */
    public static ServerKind skerry(Path launcher) {
        return new ServerKind("skerry", List.of(launcher.toString(), "etcd"));
    }
}
