package io.skerry.testbed.system.slice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skerry.base.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** An image archive whose only layer the zstd program has compressed. */
final class ZstdImage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "sha256:";

    private final Path layout;

    private ZstdImage(Path layout) {
        this.layout = layout;
    }

    /**
     * Makes one of an archive whose only layer is plain. What the image says of its layer's content
     * stays as it was: that is of the content before it is compressed.
     *
     * @param layout an empty folder to work in
     */
    static void write(Path plain, Path compressed, Path layout) throws Exception {
        Command.of("tar", "-xf", plain.toString(), "-C", layout.toString()).check();
        new ZstdImage(layout).compress();
        Command.of("tar", "-cf", compressed.toString(), "-C", layout.toString(), ".").check();
    }

    private void compress() throws Exception {
        Path indexFile = layout.resolve("index.json");
        JsonNode index = JSON.readTree(indexFile.toFile());
        var named = (ObjectNode) index.path("manifests").path(0);
        JsonNode manifest = JSON.readTree(blob(named).toFile());
        assertThat(manifest.path("layers")).hasSize(1);
        var layer = (ObjectNode) manifest.path("layers").path(0);
        Path packed = layout.resolve("packed");
        Command.of("zstd", "-q", "-19", blob(layer).toString(), "-o", packed.toString()).check();
        assertThat(Files.size(packed)).isLessThan(Files.size(blob(layer)));
        Files.delete(blob(layer));
        store(packed, layer);
        layer.put("mediaType", layer.path("mediaType").asText() + "+zstd");
        Path changed = layout.resolve("changed");
        Files.delete(blob(named));
        JSON.writeValue(changed.toFile(), manifest);
        store(changed, named);
        JSON.writeValue(indexFile.toFile(), index);
    }

    /** Moves a file to where its content belongs, and has the descriptor name it. */
    private void store(Path file, ObjectNode descriptor) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        descriptor.put("digest", PREFIX + HexFormat.of().formatHex(digest));
        descriptor.put("size", Files.size(file));
        Files.move(file, blob(descriptor));
    }

    private Path blob(JsonNode descriptor) {
        String digest = descriptor.path("digest").asText();
        return layout.resolve("blobs/sha256").resolve(digest.substring(PREFIX.length()));
    }
}
