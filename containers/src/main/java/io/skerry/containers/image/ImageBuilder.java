package io.skerry.containers.image;

import io.skerry.base.process.Command;
import io.skerry.containers.containerd.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes an OCI image of one layer out of a folder. The same folder gives the same image: owners are
 * root, times are 0, names are in order.
 *
 * @param environment {@code NAME=VALUE}
 * @param entrypoint what always runs; empty: what is given to run
 * @param command what runs when nothing is given
 */
public record ImageBuilder(
        ImageName name, List<String> environment, List<String> entrypoint, List<String> command) {
    private static final Duration PACK_LIMIT = Duration.ofMinutes(10);
    private static final String OCI = "application/vnd.oci.image.";

    /** Capabilities of files are kept; what tells one run from another is not. */
    private static final List<String> LAYER =
            List.of(
                    "--format=posix",
                    "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
                    "--xattrs",
                    "--owner=0",
                    "--group=0");

    private static final String PATH =
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public ImageBuilder {
        environment = List.copyOf(environment);
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
    }

    /** Writes the image of a folder as an archive. */
    public void build(Path root, Path archive) throws IOException, InterruptedException {
        if (!Files.isDirectory(root)) {
            throw new ImageException(root + " is not a folder");
        }
        Path layout = Files.createTempDirectory("skerry-image");
        try {
            write(root, layout);
            pack(layout, archive, List.of("--format=gnu"));
        } finally {
            Command.of("rm", "-rf", layout.toString()).timeout(PACK_LIMIT).check();
        }
    }

    private void write(Path root, Path layout) throws IOException, InterruptedException {
        Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
        Path packed = layout.resolve("layer");
        pack(root, packed, LAYER);
        Descriptor layer =
                new Descriptor(
                        OCI + "layer.v1.tar", "sha256:" + digest(packed), Files.size(packed));
        Files.move(packed, blobs.resolve(layer.digest().substring("sha256:".length())));

        var run = new LinkedHashMap<String, Object>();
        boolean path = environment.stream().anyMatch(variable -> variable.startsWith("PATH="));
        run.put(
                "Env",
                path ? environment : Stream.concat(Stream.of(PATH), environment.stream()).toList());
        run.put("Entrypoint", entrypoint);
        run.put("Cmd", command);
        Descriptor config =
                blob(
                        blobs,
                        OCI + "config.v1+json",
                        Map.of(
                                "architecture",
                                ImageArchive.architecture(),
                                "os",
                                "linux",
                                "config",
                                run,
                                "rootfs",
                                Map.of("type", "layers", "diff_ids", List.of(layer.digest()))));
        Descriptor manifest =
                blob(
                        blobs,
                        OCI + "manifest.v1+json",
                        Map.of(
                                "schemaVersion",
                                2,
                                "mediaType",
                                OCI + "manifest.v1+json",
                                "config",
                                tree(config),
                                "layers",
                                List.of(tree(layer))));
        var named = new LinkedHashMap<>(tree(manifest));
        named.put("annotations", Map.of("io.containerd.image.name", name.value()));
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        Files.write(
                layout.resolve("index.json"),
                Json.write(Map.of("schemaVersion", 2, "manifests", List.of(named))));
    }

    private static Descriptor blob(Path blobs, String mediaType, Map<String, Object> tree)
            throws IOException {
        byte[] json = Json.write(tree);
        String digest = ImageConfig.sha256(json);
        Files.write(blobs.resolve(digest), json);
        return new Descriptor(mediaType, "sha256:" + digest, json.length);
    }

    private static Map<String, Object> tree(Descriptor descriptor) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("mediaType", descriptor.mediaType());
        tree.put("digest", descriptor.digest());
        tree.put("size", descriptor.size());
        return tree;
    }

    private static void pack(Path folder, Path tar, List<String> more)
            throws IOException, InterruptedException {
        var command =
                new ArrayList<>(
                        List.of(
                                "tar",
                                "--create",
                                "--numeric-owner",
                                "--mtime=@0",
                                "--sort=name",
                                "--file=" + tar.toAbsolutePath(),
                                "--directory=" + folder));
        command.addAll(more);
        command.add(".");
        Command.of(command).timeout(PACK_LIMIT).check();
    }

    private static String digest(Path file) throws IOException {
        var digest = ImageConfig.newSha256();
        try (InputStream in = Files.newInputStream(file);
                var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
