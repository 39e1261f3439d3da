package io.skerry.testbed.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** What is kept of a playground in {@code playground.json}: identities only, no process ids. */
record PlaygroundState(List<Host> hosts) {
    private static final String FILE = "playground.json";
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    PlaygroundState {
        hosts = List.copyOf(hosts);
    }

    /** The state in a folder; no hosts when there is none. */
    static PlaygroundState load(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return new PlaygroundState(List.of());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (root.path("version").asInt() != VERSION) {
            throw new PlaygroundException(
                    file
                            + " is of another version of skerry; remove the playground with"
                            + " \"skerry down\" of that version");
        }
        var hosts = new ArrayList<Host>();
        try {
            for (JsonNode node : root.path("hosts")) {
                hosts.add(
                        new Host(
                                node.path("number").asInt(),
                                node.path("machineId").asText(),
                                node.path("storePort").asInt(),
                                node.path("fleetPort").asInt()));
            }
        } catch (IllegalArgumentException e) {
            throw unreadable(file, e);
        }
        return new PlaygroundState(hosts);
    }

    private static PlaygroundException unreadable(Path file, Exception cause) {
        return new PlaygroundException(
                file
                        + " cannot be read ("
                        + cause.getMessage()
                        + "): remove the playground with \"skerry down\"",
                cause);
    }

    /** Replaces the file at once: a reader sees the old or the new one. */
    void save(Path directory) throws IOException {
        var root = JSON.createObjectNode();
        root.put("version", VERSION);
        var list = root.putArray("hosts");
        for (Host host : hosts) {
            list.addObject()
                    .put("number", host.number())
                    .put("machineId", host.machineId())
                    .put("storePort", host.storePort())
                    .put("fleetPort", host.fleetPort());
        }
        Path next = directory.resolve(FILE + ".new");
        Files.write(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        Files.move(
                next,
                directory.resolve(FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
