package io.skerry.containers.run;

import io.skerry.base.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A root file system of nothing but a statically linked busybox. */
final class BusyboxRoot {
    private BusyboxRoot() {}

    /**
     * Writes it into an empty folder.
     *
     * @param tools whether all of busybox's tools are there by their names, or only sh and sleep
     */
    static void write(Path busybox, Path root, boolean tools)
            throws IOException, InterruptedException {
        for (String folder : List.of("bin", "dev", "etc", "proc", "root", "sys", "tmp", "var")) {
            Files.createDirectories(root.resolve(folder));
            mode(root.resolve(folder), folder.equals("tmp") ? "rwxrwxrwx" : "rwxr-xr-x");
        }
        Path program = Files.copy(busybox, root.resolve("bin/busybox"));
        mode(program, "rwxr-xr-x");
        List<String> names =
                tools
                        ? Command.of(busybox.toString(), "--list").check().stdout().lines().toList()
                        : List.of("sh", "sleep");
        for (String name : names) {
            Path link = root.resolve("bin").resolve(name);
            if (!name.isBlank() && !Files.exists(link)) {
                Files.createSymbolicLink(link, Path.of("busybox"));
            }
        }
        Files.writeString(
                root.resolve("etc/passwd"),
                "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nnogroup:x:65534:\n");
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
}
