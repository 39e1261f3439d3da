package io.skerry.flannel.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skerry.flannel.filter.Counts;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a host fares with its policies, in a file beside that of its subnet, for who asks the host.
 *
 * @param policies in force
 * @param problem what is wrong now; empty if nothing is
 * @param lastError what went wrong last, even if it is well again
 */
public record PolicyStatus(int policies, String problem, String lastError, Counts counts) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Where a host with that subnet file tells. */
    public static Path file(Path subnetFile) {
        return subnetFile.resolveSibling(subnetFile.getFileName() + ".policies");
    }

    String json() {
        return MAPPER.createObjectNode()
                        .put("policies", policies)
                        .put("problem", problem)
                        .put("lastError", lastError)
                        .put("packetsDenied", counts.denied())
                        .put("packetsStopped", counts.stopped())
                + "\n";
    }

    /** Reads what a host has told; empty if it is nothing of the kind. */
    public static Optional<PolicyStatus> parse(String json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            return tree.isObject()
                    ? Optional.of(
                            new PolicyStatus(
                                    tree.path("policies").asInt(),
                                    tree.path("problem").asText(),
                                    tree.path("lastError").asText(),
                                    new Counts(
                                            tree.path("packetsDenied").asLong(),
                                            tree.path("packetsStopped").asLong())))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
