package io.skerry.containers.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.skerry.base.process.Command;
import io.skerry.base.process.CommandException;
import io.skerry.containers.containerd.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An OCI image archive that was unpacked into a folder: {@code index.json} and {@code
 * blobs/sha256/*}. What is read is checked against its digest.
 */
final class ImageArchive {
    private static final Duration UNPACK_LIMIT = Duration.ofMinutes(10);
    private static final long MOST_BYTES_OF_JSON = 8 << 20;
    private static final List<String> NAMES =
            List.of("io.containerd.image.name", "org.opencontainers.image.ref.name");

    private final Path folder;

    ImageArchive(Path folder) {
        this.folder = folder;
    }

    /**
     * Unpacks a tar file, plain or compressed by gzip, into an empty folder.
     *
     * @throws ImageException also when there is not room enough for it
     */
    static ImageArchive unpack(Path tar, Path folder) throws IOException, InterruptedException {
        return switch (Compression.of(tar)) {
            case NONE -> unpackPlain(tar, folder);
            case GZIP -> {
                Path plain = folder.resolveSibling(folder.getFileName() + ".tar");
                try {
                    Compression.gunzip(tar, plain);
                    yield unpackPlain(plain, folder);
                } finally {
                    Files.deleteIfExists(plain);
                }
            }
            case OTHER ->
                    throw new ImageException(
                            "the archive is compressed by zstd, xz or bzip2; only gzip is read, so"
                                    + " decompress it first");
        };
    }

    private static ImageArchive unpackPlain(Path tar, Path folder)
            throws IOException, InterruptedException {
        new DiskSpace(folder).require(Files.size(tar));
        try {
            // Owners and modes of the archive's own files mean nothing.
            Command.of(
                            "tar",
                            "--extract",
                            "--no-same-owner",
                            "--no-same-permissions",
                            "--file=" + tar,
                            "--directory=" + folder)
                    .timeout(UNPACK_LIMIT)
                    .check();
        } catch (CommandException e) {
            throw new ImageException(
                    "this is no OCI image archive, tar cannot read it: " + e.getMessage(), e);
        }
        return new ImageArchive(folder);
    }

    /** The manifests in it for this kind of machine, by the names the archive gives them. */
    Map<Optional<String>, Descriptor> manifests() throws IOException {
        var found = new LinkedHashMap<Optional<String>, Descriptor>();
        if (!Files.isRegularFile(folder.resolve("index.json"), LinkOption.NOFOLLOW_LINKS)) {
            throw new ImageException(
                    "this is no OCI image archive, it has no index.json; one is written by"
                            + " \"docker save\" (Docker 25 or newer), \"podman save --format"
                            + " oci-archive\" or \"skopeo copy … oci-archive:FILE\"");
        }
        JsonNode index = Json.read(readFile(folder.resolve("index.json")), "index.json");
        for (JsonNode entry : index.path("manifests")) {
            found.put(name(entry), forThisMachine(entry));
        }
        if (found.isEmpty()) {
            throw new ImageException("the archive's index.json names no image");
        }
        return found;
    }

    private static Optional<String> name(JsonNode entry) {
        return NAMES.stream()
                .map(key -> entry.path("annotations").path(key).asText(""))
                .filter(name -> !name.isEmpty())
                .findFirst();
    }

    /** The manifest itself, or of an image for several kinds of machines the one for ours. */
    private Descriptor forThisMachine(JsonNode entry) throws IOException {
        Descriptor descriptor = Json.descriptor(entry);
        if (!descriptor.mediaType().endsWith("index.v1+json")
                && !descriptor.mediaType().endsWith("manifest.list.v2+json")) {
            return descriptor;
        }
        var others = new ArrayList<String>();
        for (JsonNode candidate : Json.read(read(descriptor), "an index").path("manifests")) {
            JsonNode platform = candidate.path("platform");
            String kind =
                    platform.path("os").asText("linux")
                            + "/"
                            + platform.path("architecture").asText();
            if (kind.equals("linux/" + architecture())) {
                return Json.descriptor(candidate);
            }
            others.add(kind);
        }
        throw new ImageException(
                "the image is not for linux/"
                        + architecture()
                        + " but for "
                        + String.join(", ", others));
    }

    /** This machine's kind in the words of images. */
    static String architecture() {
        String ours = System.getProperty("os.arch");
        return ours.equals("aarch64") ? "arm64" : ours;
    }

    /** The content that a small descriptor names. */
    byte[] read(Descriptor descriptor) throws IOException {
        byte[] bytes = readFile(file(descriptor));
        String digest = "sha256:" + ImageConfig.sha256(bytes);
        if (!digest.equals(descriptor.digest())) {
            throw new ImageException(
                    "the archive is damaged: " + descriptor.digest() + " has digest " + digest);
        }
        return bytes;
    }

    /** Where the content of a descriptor lies; whoever uses it checks the digest. */
    Path file(Descriptor descriptor) throws IOException {
        Path file = folder.resolve("blobs").resolve(descriptor.digest().replace(':', '/'));
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || Files.size(file) != descriptor.size()) {
            throw new ImageException(
                    "the archive is incomplete: "
                            + descriptor.digest()
                            + " with "
                            + descriptor.size()
                            + " bytes is not in it");
        }
        return file;
    }

    private static byte[] readFile(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES_OF_JSON) {
            throw new ImageException(
                    file.getFileName()
                            + " is larger than the "
                            + MOST_BYTES_OF_JSON
                            + " bytes that are read of one");
        }
        return Files.readAllBytes(file);
    }
}
