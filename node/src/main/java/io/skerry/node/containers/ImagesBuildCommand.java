package io.skerry.node.containers;

import io.skerry.containers.image.ImageBuilder;
import io.skerry.containers.run.ContainerException;
import io.skerry.containers.run.ContainerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an image of a folder. */
@Command(
        name = "build-from-dir",
        description = "Make an image whose root is a folder, and bring it to the hosts.",
        footer = {
            "",
            "Everything in the image belongs to root; the same folder gives the same image.",
            "",
            "Examples:",
            "  skerry images build-from-dir ./root web:1 --entrypoint /bin/httpd",
            "  skerry images build-from-dir ./root web:1 --file web.tar"
        })
final class ImagesBuildCommand extends ClusterCommand {
    @Parameters(index = "0", paramLabel = "DIR", description = "The folder.")
    private Path folder = Path.of("");

    @Parameters(index = "1", paramLabel = "NAME", description = "What the image is called.")
    private String name = "";

    @Option(
            names = "--entrypoint",
            paramLabel = "WORD",
            description = "A word of the command that always runs; may be repeated.")
    private List<String> entrypoint = List.of();

    @Option(
            names = "--command",
            paramLabel = "WORD",
            description = "A word of what runs if nothing else is given; may be repeated.")
    private List<String> command = List.of();

    @Option(
            names = {"-e", "--env"},
            paramLabel = "K=V",
            description = "A variable of the environment; may be repeated.")
    private List<String> environment = List.of();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Write the archive to this file instead of bringing it to the hosts.")
    private @Nullable Path file;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Only to this host (default: to all).")
    private @Nullable String host;

    @Override
    void check() throws IOException {
        ImageArguments.check(this, name);
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + " is no folder");
        }
        try {
            for (String variable : environment) {
                var _ = ContainerSpec.variable(variable);
            }
        } catch (ContainerException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    @Override
    boolean alone() throws IOException, InterruptedException {
        if (file == null) {
            return false;
        }
        builder().build(folder, file);
        out().println("Image " + name + " is in " + file);
        return true;
    }

    @Override
    int run(Cluster cluster) throws IOException, InterruptedException {
        Path archive = Files.createTempFile("skerry-image", ".tar");
        try {
            builder().build(folder, archive);
            return ImageArguments.bring(this, cluster, archive, "", host);
        } finally {
            Files.delete(archive);
        }
    }

    private ImageBuilder builder() {
        return new ImageBuilder(ImageArguments.check(this, name), environment, entrypoint, command);
    }
}
