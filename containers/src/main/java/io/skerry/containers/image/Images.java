package io.skerry.containers.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.skerry.base.grpc.GrpcException;
import io.skerry.base.process.Command;
import io.skerry.containers.containerd.Containerd;
import io.skerry.containers.containerd.Descriptor;
import io.skerry.containers.containerd.StoredImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The images of a host, in its containerd. Thread-safe. */
public final class Images {
    private static final String REFERS = "containerd.io/gc.ref.content.";
    private static final String UNPACKED =
            "containerd.io/gc.ref.snapshot." + Containerd.SNAPSHOTTER;

    /** How much larger a layer mostly is when it is unpacked, of which that cannot be measured. */
    private static final int USUAL_COMPRESSION = 4;

    /** What has to be free while a layer is unpacked, between two looks. */
    private static final long MORE_TO_COME_BYTES = 1 << 20;

    private final Containerd containerd;

    public Images(Containerd containerd) {
        this.containerd = containerd;
    }

    /**
     * An image that is there.
     *
     * @param bytes of its layers as they are kept, compressed or not
     */
    public record Known(StoredImage stored, long bytes) {}

    /** What is there, by name. */
    public List<Known> list() throws GrpcException, IOException, InterruptedException {
        var known = new ArrayList<Known>();
        for (StoredImage image : containerd.images()) {
            JsonNode manifest = Json.read(containerd.read(image.target()), "a manifest");
            long bytes = 0;
            for (JsonNode layer : manifest.path("layers")) {
                bytes += layer.path("size").asLong();
            }
            known.add(new Known(image, bytes));
        }
        known.sort(Comparator.comparing(image -> image.stored().name()));
        return known;
    }

    /** How an image is run; empty when there is none of that name, nor with {@code :latest}. */
    public Optional<ImageConfig> config(ImageName name)
            throws GrpcException, IOException, InterruptedException {
        Optional<StoredImage> image = containerd.image(name.value());
        if (image.isEmpty()) {
            image = containerd.image(name + ":latest");
        }
        if (image.isEmpty()) {
            return Optional.empty();
        }
        JsonNode manifest = Json.read(containerd.read(image.get().target()), "a manifest");
        return Optional.of(
                ImageConfig.parse(containerd.read(Json.descriptor(manifest.path("config")))));
    }

    /** Takes a name away; false when there is none. */
    public boolean remove(ImageName name) throws GrpcException, InterruptedException {
        return containerd.deleteImage(name.value());
    }

    /**
     * Brings the images of an archive in, unpacked; existing names are given to them.
     *
     * @param rename empty: as the archive says
     * @param scratch a folder for what is unpacked on the way, on the disk where images are kept
     * @return their names
     */
    public List<String> importArchive(Path tar, Optional<ImageName> rename, Path scratch)
            throws GrpcException, IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Files.createDirectories(scratch), "import");
        try (var leased = containerd.leased()) {
            var archive = ImageArchive.unpack(tar, folder);
            Map<ImageName, Descriptor> wanted = named(archive.manifests(), rename);
            for (Map.Entry<ImageName, Descriptor> image : wanted.entrySet()) {
                importImage(leased, archive, image.getValue(), new DiskSpace(scratch));
                leased.putImage(image.getKey().value(), image.getValue());
            }
            return wanted.keySet().stream().map(ImageName::value).toList();
        } finally {
            Command.of("rm", "-rf", folder.toString()).check();
        }
    }

    private static Map<ImageName, Descriptor> named(
            Map<Optional<String>, Descriptor> manifests, Optional<ImageName> rename)
            throws ImageException {
        if (rename.isPresent()) {
            if (manifests.size() > 1) {
                throw new ImageException(
                        "the archive has "
                                + manifests.size()
                                + " images, so they cannot all be named "
                                + rename.get());
            }
            return Map.of(rename.get(), manifests.values().iterator().next());
        }
        var named = new HashMap<ImageName, Descriptor>();
        for (Map.Entry<Optional<String>, Descriptor> entry : manifests.entrySet()) {
            String name =
                    entry.getKey()
                            .orElseThrow(() ->
                                    new ImageException(
                                            "the archive does not name its image; give it a name"
                                                    + " with --name"));
            try {
                named.put(new ImageName(name), entry.getValue());
            } catch (IllegalArgumentException e) {
                throw new ImageException(e.getMessage() + "; give it another with --name", e);
            }
        }
        return named;
    }

    private static void importImage(
            Containerd leased, ImageArchive archive, Descriptor manifest, DiskSpace space)
            throws GrpcException, IOException, InterruptedException {
        JsonNode tree = Json.read(archive.read(manifest), "the manifest");
        Descriptor config = Json.descriptor(tree.path("config"));
        var layers = new ArrayList<Descriptor>();
        for (JsonNode layer : tree.path("layers")) {
            layers.add(Json.descriptor(layer));
        }
        var run = ImageConfig.parse(archive.read(config));
        if (layers.size() != run.layers().size()) {
            throw new ImageException(
                    "the image's manifest has "
                            + layers.size()
                            + " layers and its configuration "
                            + run.layers().size());
        }
        var labels = new HashMap<String, String>();
        labels.put(REFERS + "config", config.digest());
        for (Descriptor layer : layers) {
            space.require(layer.size());
            write(leased, archive, layer, Map.of());
            labels.put(REFERS + "l." + labels.size(), layer.digest());
        }
        unpack(leased, archive, layers, run, space);
        write(leased, archive, config, Map.of(UNPACKED, run.chain()));
        write(leased, archive, manifest, labels);
    }

    private static void write(
            Containerd leased, ImageArchive archive, Descriptor content, Map<String, String> labels)
            throws GrpcException, IOException, InterruptedException {
        try (var data = Files.newInputStream(archive.file(content))) {
            leased.write(content, data, labels);
        }
    }

    private static void unpack(
            Containerd leased,
            ImageArchive archive,
            List<Descriptor> layers,
            ImageConfig run,
            DiskSpace space)
            throws GrpcException, IOException, InterruptedException {
        String parent = "";
        for (int i = 0; i < layers.size(); i++) {
            String chain = run.chain(i + 1);
            if (!leased.hasSnapshot(chain)) {
                Path layer = archive.file(layers.get(i));
                space.require(unpackedBytes(layer, space));
                long compressed = Files.size(layer);
                // Only containerd can read it, so what comes of it is seen while it does.
                boolean opaque = Compression.of(layer) == Compression.OTHER;
                String key = "skerry-unpack-" + UUID.randomUUID();
                try {
                    var mounts = leased.prepare(key, parent, Map.of());
                    String unpacked =
                            leased.unpack(
                                    layers.get(i),
                                    mounts,
                                    () -> {
                                        space.require(MORE_TO_COME_BYTES);
                                        if (opaque) {
                                            Compression.check(
                                                    compressed, leased.snapshotBytes(key));
                                        }
                                    });
                    if (opaque) {
                        Compression.check(compressed, leased.snapshotBytes(key));
                    }
                    if (!unpacked.equals(run.layers().get(i))) {
                        throw new ImageException(
                                "layer "
                                        + (i + 1)
                                        + " is "
                                        + unpacked
                                        + " and not "
                                        + run.layers().get(i)
                                        + ", as the image says");
                    }
                    leased.commit(key, chain);
                } finally {
                    leased.remove(key); // nothing is left of it when it was committed
                }
            }
            parent = chain;
        }
    }

    private static long unpackedBytes(Path layer, DiskSpace space) throws IOException {
        return switch (Compression.of(layer)) {
            case NONE -> Files.size(layer);
            case GZIP -> Compression.gunzippedBytes(layer, space);
            case OTHER -> Files.size(layer) * USUAL_COMPRESSION;
        };
    }
}
