package io.skerry.containers.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skerry.containers.containerd.Descriptor;
import java.io.IOException;

/** The JSON of images. */
final class Json {
    /** Keys are in order, so that what means the same has the same digest. */
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private Json() {}

    static JsonNode read(byte[] bytes, String what) throws ImageException {
        try {
            return MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new ImageException(what + " is no JSON: " + e.getMessage(), e);
        }
    }

    static byte[] write(Object tree) throws IOException {
        return MAPPER.writeValueAsBytes(tree);
    }

    static Descriptor descriptor(JsonNode node) throws ImageException {
        try {
            return new Descriptor(
                    node.path("mediaType").asText(),
                    node.path("digest").asText(),
                    node.path("size").asLong(-1));
        } catch (IllegalArgumentException e) {
            throw new ImageException("the archive is damaged: " + e.getMessage(), e);
        }
    }
}
