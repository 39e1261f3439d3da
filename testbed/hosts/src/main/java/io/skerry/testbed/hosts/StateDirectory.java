package io.skerry.testbed.hosts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Where playgrounds keep what outlives a command; a folder each, readable by root only. */
public record StateDirectory(Path root) {
    private static final Path DEFAULT = Path.of("/var/lib/skerry/playgrounds");

    /** The folder that SKERRY_STATE_DIR names, or the usual one. */
    public static StateDirectory of(Map<String, String> environment) {
        String set = environment.getOrDefault("SKERRY_STATE_DIR", "");
        return new StateDirectory(set.isBlank() ? DEFAULT : Path.of(set).toAbsolutePath());
    }

    public Path of(PlaygroundName name) {
        return root.resolve(name.value());
    }

    static void createPrivate(Path directory) throws IOException {
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
