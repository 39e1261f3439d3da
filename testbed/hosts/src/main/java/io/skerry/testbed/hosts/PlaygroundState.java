package io.skerry.testbed.hosts;

import io.skerry.base.file.FileMode;
import io.skerry.base.file.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is kept of a playground in the file {@code hosts.list}: identities only, no process ids. A
 * line a host after the first: number, machine id, store port, fleet port.
 */
record PlaygroundState(List<Host> hosts) {
    private static final String FILE = "hosts.list";
    private static final String FORMAT = "skerry-hosts 1";

    PlaygroundState {
        hosts = List.copyOf(hosts);
    }

    /** The state in a folder; no hosts when there is none. */
    static PlaygroundState load(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return new PlaygroundState(List.of());
        }
        if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
            throw new PlaygroundException(
                    file
                            + " does not begin with \""
                            + FORMAT
                            + "\": it is damaged or of another version; remove the playground with"
                            + " \"skerry down\"");
        }
        var hosts = new ArrayList<Host>();
        for (String line : lines.subList(1, lines.size())) {
            hosts.add(parse(file, line));
        }
        return new PlaygroundState(hosts);
    }

    private static Host parse(Path file, String line) throws PlaygroundException {
        String[] words = line.split(" ", -1);
        try {
            return new Host(
                    Integer.parseInt(words[0]),
                    words[1],
                    Integer.parseInt(words[2]),
                    Integer.parseInt(words[3]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new PlaygroundException(
                    file
                            + " is damaged at \""
                            + line
                            + "\": remove the playground with \"skerry down\"",
                    e);
        }
    }

    /** Replaces the file at once: a reader sees the old or the new one. */
    void save(Path directory) throws IOException {
        var lines = new ArrayList<>(List.of(FORMAT));
        for (Host host : hosts) {
            lines.add(
                    String.join(
                            " ",
                            Integer.toString(host.number()),
                            host.machineId(),
                            Integer.toString(host.storePort()),
                            Integer.toString(host.fleetPort())));
        }
        WholeFile.replace(
                directory.resolve(FILE), String.join("\n", lines) + "\n", FileMode.PUBLIC);
    }
}
