package io.skerry.node.containers;

import io.skerry.node.containers.Cluster.Machine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes an image from the hosts. */
@Command(
        name = "remove",
        description = "Remove an image from the hosts; containers that run on it go on.",
        footer = {
            "",
            "Examples:",
            "  skerry images remove web:1",
            "  skerry images remove web --host h2"
        })
final class ImagesRemoveCommand extends ClusterCommand {
    @Parameters(paramLabel = "NAME", description = "The image.")
    private String name = "";

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Only from this host (default: from all).")
    private @Nullable String host;

    @Override
    int run(Cluster cluster) throws IOException, InterruptedException {
        var _ = ImageArguments.check(this, name);
        boolean found = false;
        for (Machine machine : chosen(cluster, host)) {
            if (cluster.hosts().removeImage(machine.id(), name)) {
                out().println("Image " + name + " is removed from " + machine.name());
                found = true;
            }
        }
        if (!found) {
            ImageStock.of(cluster, chosen(cluster, host)).require(name);
        }
        return 0;
    }
}
