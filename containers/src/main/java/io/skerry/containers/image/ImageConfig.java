package io.skerry.containers.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What an image says of how it is run.
 *
 * @param layers digests of its layers when they are not compressed, the lowest first
 * @param user as in the image: {@code USER[:GROUP]}, names or numbers; empty: root
 */
public record ImageConfig(
        List<String> environment,
        List<String> entrypoint,
        List<String> command,
        String workingDirectory,
        String user,
        List<String> layers) {
    public ImageConfig {
        environment = List.copyOf(environment);
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        layers = List.copyOf(layers);
    }

    /** Reads an image's configuration. */
    public static ImageConfig parse(byte[] json) throws ImageException {
        JsonNode root = Json.read(json, "the configuration of the image");
        JsonNode config = root.path("config");
        List<String> layers = texts(root.path("rootfs").path("diff_ids"));
        if (layers.isEmpty()) {
            throw new ImageException("the image has no layers");
        }
        return new ImageConfig(
                texts(config.path("Env")),
                texts(config.path("Entrypoint")),
                texts(config.path("Cmd")),
                config.path("WorkingDir").asText(""),
                config.path("User").asText(""),
                layers);
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    /** The name of the snapshot that all layers make, by the OCI rule of chain ids. */
    public String chain() {
        return chain(layers.size());
    }

    /** The name of the snapshot of the lowest layers. */
    String chain(int count) {
        String chain = layers.getFirst();
        for (String layer : layers.subList(1, count)) {
            chain = "sha256:" + sha256((chain + " " + layer).getBytes(StandardCharsets.US_ASCII));
        }
        return chain;
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(newSha256().digest(bytes));
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
