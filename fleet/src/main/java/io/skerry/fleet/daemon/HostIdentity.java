package io.skerry.fleet.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What tells this host, and this boot of it, from others. */
public final class HostIdentity {
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");
    private static final Path PROC = Path.of("/proc");

    /** Field 22 of stat, when the process was started, counted behind the command's parenthesis. */
    private static final int START_TIME = 19;

    private HostIdentity() {}

    /**
     * The machine id that systemd gave the host.
     *
     * @throws IOException tells what to do when there is none
     */
    public static String machineId() throws IOException {
        try {
            String id = Files.readString(MACHINE_ID).strip();
            if (!id.isEmpty()) {
                return id;
            }
        } catch (NoSuchFileException e) {
            // Told below.
        }
        throw new IOException(MACHINE_ID + " has no id; run systemd-machine-id-setup");
    }

    /**
     * An id that changes with every boot: the kernel's, when the first process started, and which
     * namespace it is the first of, since hosts that are containers share the kernel, and may start
     * at the same moment.
     */
    public static String bootId() throws IOException {
        return bootId(PROC);
    }

    static String bootId(Path proc) throws IOException {
        String stat = Files.readString(proc.resolve("1/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        String namespace = Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
        return String.join(
                "-",
                Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip(),
                fields[START_TIME],
                namespace.replaceAll("\\D", ""));
    }
}
