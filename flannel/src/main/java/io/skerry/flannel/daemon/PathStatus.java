package io.skerry.flannel.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.flannel.address.Ip;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a host's paths to the others fare, in a file beside that of its subnet, for who asks the
 * host.
 *
 * @param checked how many paths carry what they should, or less
 * @param unanswered how many hosts do not answer to an echo request, which says nothing
 * @param narrow those that carry less than they should
 */
public record PathStatus(int checked, int unanswered, List<Narrow> narrow) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public PathStatus {
        narrow = List.copyOf(narrow);
    }

    /**
     * A path that carries less than this host sends.
     *
     * @param carried bytes of the longest packet that arrives
     * @param wanted bytes of the longest packet that is sent
     */
    public record Narrow(Ip host, int carried, int wanted) {}

    /** Where a host with that subnet file tells. */
    public static Path file(Path subnetFile) {
        return subnetFile.resolveSibling(subnetFile.getFileName() + ".paths");
    }

    String json() {
        var tree = MAPPER.createObjectNode().put("checked", checked).put("unanswered", unanswered);
        var list = tree.putArray("narrow");
        narrow.forEach(path ->
                list.addObject()
                        .put("host", path.host().toString())
                        .put("carried", path.carried())
                        .put("wanted", path.wanted()));
        return tree + "\n";
    }

    /** Reads what a host has told; empty if it is nothing of the kind. */
    public static Optional<PathStatus> parse(String json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (!tree.isObject()) {
                return Optional.empty();
            }
            var narrow = new ArrayList<Narrow>();
            for (JsonNode path : tree.path("narrow")) {
                Ip.parse(path.path("host").asText())
                        .ifPresent(host ->
                                narrow.add(
                                        new Narrow(
                                                host,
                                                path.path("carried").asInt(),
                                                path.path("wanted").asInt())));
            }
            return Optional.of(
                    new PathStatus(
                            tree.path("checked").asInt(), tree.path("unanswered").asInt(), narrow));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
