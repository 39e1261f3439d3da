package io.skerry.testbed.hosts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The folder of one host in the playground's state. {@code seed} is laid over the host's root at
 * every boot, {@code upper} holds all that the host itself wrote, {@code data} is its real disk.
 */
record HostFiles(Path directory) {
    Path seed() {
        return directory.resolve("seed");
    }

    Path data() {
        return directory.resolve("data");
    }

    Path console() {
        return directory.resolve("console.log");
    }

    /** The host's journal, readable while the host is down as well. */
    Path journal() {
        return directory.resolve("upper/var/log/journal");
    }

    /** Makes the folders and the files that give the host its identity. */
    void prepare(Host host, List<Host> all, HostImage image) throws IOException {
        for (String part : List.of("upper", "work", "root", "seed", "data")) {
            StateDirectory.createPrivate(directory.resolve(part));
        }
        // These two become the root and a mount point of the host, where others than root look.
        setMode(directory.resolve("upper"), "rwxr-xr-x");
        setMode(data(), "rwxr-xr-x");
        setMode(seed(), "rwxr-xr-x");
        write("/etc/hostname", host.name() + "\n");
        write("/etc/machine-id", host.machineId() + "\n");
        write("/etc/hosts", hostsFile(host, all));
        write("/etc/systemd/journald.conf.d/skerry.conf", JOURNALD);
        for (Map.Entry<String, String> link : image.links().entrySet()) {
            link(link.getKey(), link.getValue());
        }
        for (String unit : image.units()) {
            link(
                    "/etc/systemd/system/multi-user.target.wants/" + unit,
                    "/etc/systemd/system/" + unit);
        }
        if (!Files.exists(console())) {
            Files.createFile(console());
        }
    }

    private static final String JOURNALD =
            """
            [Journal]
            Storage=persistent
            SystemMaxUse=128M
            RateLimitIntervalSec=0
            """;

    static String hostsFile(Host host, List<Host> all) {
        String others =
                all.stream()
                        .map(other -> other.address() + " " + other.name() + "\n")
                        .collect(Collectors.joining());
        return "127.0.0.1 localhost\n127.0.1.1 " + host.name() + "\n::1 localhost\n" + others;
    }

    /** Writes a file below the seed; it is there from the next boot on. */
    void write(String path, String text) throws IOException {
        write(path, text, "rw-r--r--");
    }

    void write(String path, String text, String permissions) throws IOException {
        writeFile(seed(), path, text, permissions);
    }

    boolean has(String path) {
        return Files.exists(inside(seed(), path), LinkOption.NOFOLLOW_LINKS);
    }

    /** Makes the host's journal found in a folder with those of others. */
    void linkJournal(Host host, Path folder) throws IOException {
        Path link = folder.resolve(host.machineId());
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, journal().resolve(host.machineId()));
        }
    }

    /** Writes a file below any root, with the folders it needs. */
    static void writeFile(Path root, String path, String text, String permissions)
            throws IOException {
        Path file = inside(root, path);
        Files.createDirectories(parent(file));
        var mode = PosixFilePermissions.fromString(permissions);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
        }
        Files.setPosixFilePermissions(file, mode);
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private void link(String path, String target) throws IOException {
        Path link = inside(seed(), path);
        Files.createDirectories(parent(link));
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    private static Path inside(Path root, String path) {
        if (!path.startsWith("/") || path.contains("/..")) {
            throw new IllegalArgumentException("\"" + path + "\" is not an absolute path");
        }
        return root.resolve(path.substring(1));
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    private static void setMode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** The script that boots a host, put beside the hosts of the playground. */
    static void writeScript(Path file) throws IOException {
        try (InputStream in = HostFiles.class.getResourceAsStream("host.sh")) {
            if (in == null) {
                throw new IllegalStateException("host.sh is missing from the class path");
            }
            Files.write(file, in.readAllBytes());
        }
    }

    /** The last lines that the host wrote on its console, for error messages. */
    String consoleTail() {
        try {
            List<String> lines = Files.readAllLines(console(), StandardCharsets.ISO_8859_1);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }
}
