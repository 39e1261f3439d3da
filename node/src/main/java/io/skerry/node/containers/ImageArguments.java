package io.skerry.node.containers;

import io.skerry.containers.image.ImageName;
import io.skerry.node.containers.Cluster.Machine;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the commands that bring images share. */
final class ImageArguments {
    private ImageArguments() {}

    static ImageName check(ClusterCommand command, String name) {
        try {
            return new ImageName(name);
        } catch (IllegalArgumentException e) {
            throw command.wrong(String.valueOf(e.getMessage()));
        }
    }

    /** Imports an archive on all hosts, or on one; 1 when a host could not take it. */
    static int bring(
            ClusterCommand command,
            Cluster cluster,
            Path archive,
            String name,
            @Nullable String host)
            throws IOException, InterruptedException {
        int status = 0;
        for (Machine machine : ClusterCommand.chosen(cluster, host)) {
            try {
                for (String image : cluster.hosts().importImage(machine.id(), archive, name)) {
                    command.out().println("Image " + image + " is on " + machine.name());
                    command.out().flush();
                }
            } catch (IOException e) {
                command.err().println("skerry: " + machine.name() + ": " + e.getMessage());
                status = 1;
            }
        }
        return status;
    }
}
