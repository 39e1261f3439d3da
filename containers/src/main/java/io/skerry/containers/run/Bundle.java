package io.skerry.containers.run;

import io.skerry.base.process.Command;
import io.skerry.containers.containerd.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A container's folder on the host, which is there from its preparation until it is cleared. */
final class Bundle {
    /** Files of the container's {@code /etc} that the host gives it. */
    static final List<String> ETC_FILES = List.of("hosts", "hostname", "resolv.conf");

    /** The file with the address, which all of the host may read. */
    static final String ADDRESS = "address";

    private static final String PORTS = "ports";
    private static final int MOST_GENERATIONS = 65_535;
    private static final String CONTROL_GROUP = "control-group";
    private static final Path CONTROL_GROUPS = Path.of("/sys/fs/cgroup");

    private final ContainerName name;
    private final Path folder;

    Bundle(ContainerName name) {
        this.name = name;
        this.folder = HostPaths.bundle(name);
    }

    /** Those of all containers of the host. */
    static List<Bundle> all() throws IOException {
        if (!Files.isDirectory(HostPaths.BUNDLES)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(HostPaths.BUNDLES)) {
            return folders.map(Path::getFileName)
                    .filter(java.util.Objects::nonNull)
                    .map(folder -> new Bundle(new ContainerName(folder.toString())))
                    .toList();
        }
    }

    ContainerName name() {
        return name;
    }

    Path folder() {
        return folder;
    }

    Path root() {
        return folder.resolve("rootfs");
    }

    void make() throws IOException {
        var forRoot = PosixFilePermissions.fromString("rwx--x--x");
        Files.createDirectories(root());
        Files.setPosixFilePermissions(folder, forRoot);
    }

    /** Mounts what containerd prepared as the container's root. */
    void mountRoot(List<Mount> mounts) throws IOException, InterruptedException {
        for (Mount mount : mounts) {
            OverlayMount.of(mount).at(root()).check();
        }
    }

    /** Writes the files that the container finds in its {@code /etc}. */
    void writeEtc(String address) throws IOException {
        write("hostname", name.base() + "\n");
        write(
                "hosts",
                "127.0.0.1 localhost\n::1 localhost ip6-localhost\n"
                        + address
                        + " "
                        + name.base()
                        + "\n");
        Path resolver = Path.of("/etc/resolv.conf");
        write("resolv.conf", Files.isReadable(resolver) ? Files.readString(resolver) : "");
    }

    void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text, StandardCharsets.UTF_8);
    }

    void writeConfig(byte[] json) throws IOException {
        Files.write(folder.resolve("config.json"), json);
    }

    void writeAddress(String address) throws IOException {
        write(ADDRESS, address + "\n");
    }

    /** The container's address, if it has been given one. */
    Optional<String> address() throws IOException {
        return lines(ADDRESS).stream().findFirst();
    }

    /** A number from 1 to 65535, another one each time the container is given an address. */
    int generation() throws IOException {
        Path address = folder.resolve(ADDRESS);
        long millis = Files.exists(address) ? Files.getLastModifiedTime(address).toMillis() : 0;
        return (int) (millis % MOST_GENERATIONS) + 1;
    }

    void writePorts(List<PublishedPort> ports) throws IOException {
        var lines = ports.stream().map(PublishedPort::toString).toList();
        Files.write(folder.resolve(PORTS), lines, StandardCharsets.UTF_8);
    }

    List<PublishedPort> ports() throws ContainerException, IOException {
        var ports = new ArrayList<PublishedPort>();
        for (String line : lines(PORTS)) {
            ports.add(PublishedPort.parse(line));
        }
        return ports;
    }

    private List<String> lines(String file) throws IOException {
        try {
            return Files.readAllLines(folder.resolve(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of(); // not written yet, or the container is being cleared
        }
    }

    /** Remembers the control group of the container's unit. */
    void writeControlGroup(String group) throws IOException {
        write(CONTROL_GROUP, group + "\n");
    }

    /**
     * Removes the unit's group where runc has made it: in those hierarchies of control groups,
     * version 1, that systemd does not use.
     */
    void removeControlGroups() throws IOException {
        String group = lines(CONTROL_GROUP).stream().findFirst().orElse("");
        if (group.isEmpty()) {
            return;
        }
        try (Stream<Path> hierarchies = Files.list(CONTROL_GROUPS)) {
            hierarchies
                    .map(hierarchy -> hierarchy.resolve(group.substring(1)))
                    .filter(Files::isDirectory)
                    .forEach(folder -> {
                        // The kernel refuses it where the unit's processes are.
                        var _ = folder.toFile().delete();
                    });
        }
    }

    boolean exists() {
        return Files.exists(folder);
    }

    /** Unmounts the root, wherever it is still in use. */
    void unmountRoot() throws IOException, InterruptedException {
        while (Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + root() + " ")) {
            Command.of("umount", "--lazy", root().toString()).check();
        }
    }

    void remove() throws IOException, InterruptedException {
        Command.of("rm", "-rf", "--one-file-system", folder.toString()).check();
    }
}
