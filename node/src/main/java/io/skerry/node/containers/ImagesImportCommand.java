package io.skerry.node.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings an image archive to the hosts. */
@Command(
        name = "import",
        description = "Bring the images of an OCI archive to the hosts.",
        footer = {
            "",
            "The archive is what docker save (25 or newer), podman save --format oci-archive,",
            "skopeo copy … oci-archive:FILE or skerry images build-from-dir --file write.",
            "",
            "Examples:",
            "  skerry images import web.tar",
            "  skerry images import web.tar --name web:2 --host h1"
        })
final class ImagesImportCommand extends ClusterCommand {
    @Parameters(paramLabel = "FILE", description = "The archive, compressed or not.")
    private Path file = Path.of("");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the image shall be called (default: as the archive says).")
    private @Nullable String name;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Only to this host (default: to all).")
    private @Nullable String host;

    @Override
    void check() throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException(file + " is no file that can be read");
        }
        if (name != null) {
            ImageArguments.check(this, name);
        }
    }

    @Override
    int run(Cluster cluster) throws IOException, InterruptedException {
        return ImageArguments.bring(this, cluster, file, name == null ? "" : name, host);
    }
}
