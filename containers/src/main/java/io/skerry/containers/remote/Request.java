package io.skerry.containers.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** What a client asks of a host, as it is written in JSON. */
sealed interface Request {
    /** The images it has. */
    record ListImages() implements Request {}

    /** The containers it runs. */
    record ListContainers() implements Request {}

    /** Takes the name of an image away. */
    record RemoveImage(String name) implements Request {}

    /**
     * Takes an image archive, which follows in parts.
     *
     * @param name empty: as the archive says
     * @param bytes how large the archive is; 0: the client does not say
     */
    record ImportImage(String name, long bytes) implements Request {}

    /**
     * Runs a command in a container; standard input follows in parts.
     *
     * @param rows of the terminal; 0: there is none
     */
    record Exec(String container, List<String> command, int rows, int columns) implements Request {}

    ObjectMapper JSON = new ObjectMapper();

    default String json() {
        var tree = new LinkedHashMap<String, Object>();
        switch (this) {
            case ListImages() -> tree.put("kind", "list-images");
            case ListContainers() -> tree.put("kind", "list-containers");
            case RemoveImage(String name) -> {
                tree.put("kind", "remove-image");
                tree.put("name", name);
            }
            case ImportImage(String name, long bytes) -> {
                tree.put("kind", "import-image");
                tree.put("name", name);
                tree.put("bytes", bytes);
            }
            case Exec(String container, List<String> command, int rows, int columns) -> {
                tree.put("kind", "exec");
                tree.put("container", container);
                tree.put("command", command);
                tree.put("rows", rows);
                tree.put("columns", columns);
            }
        }
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers can always be written", e);
        }
    }

    static Request parse(String json) throws IOException {
        JsonNode tree = JSON.readTree(json);
        String kind = tree.path("kind").asText();
        return switch (kind) {
            case "list-images" -> new ListImages();
            case "list-containers" -> new ListContainers();
            case "remove-image" -> new RemoveImage(tree.path("name").asText());
            case "import-image" ->
                    new ImportImage(tree.path("name").asText(), tree.path("bytes").asLong());
            case "exec" -> {
                var command = new ArrayList<String>();
                tree.path("command").forEach(word -> command.add(word.asText()));
                yield new Exec(
                        tree.path("container").asText(),
                        List.copyOf(command),
                        tree.path("rows").asInt(),
                        tree.path("columns").asInt());
            }
            default ->
                    throw new IOException(
                            "this host knows no request '" + kind + "'; it may be an older one");
        };
    }

    /** The image or container it is about, for the log; empty: no certain one. */
    default String subject() {
        return switch (this) {
            case ListImages() -> "";
            case ListContainers() -> "";
            case RemoveImage(String name) -> name;
            case ImportImage(String name, _) -> name;
            case Exec exec -> exec.container();
        };
    }

    /** Whether it changes nothing. */
    default boolean onlyReads() {
        return this instanceof ListImages || this instanceof ListContainers;
    }
}
