package io.skerry.node.containers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stops a container. */
@Command(
        name = "stop",
        description = "Stop a container; what it wrote outside its volumes is gone.",
        footer = {
            "",
            "Its unit stays and can be started again: skerry fleet start NAME.service.",
            "",
            "Examples:",
            "  skerry stop web",
            "  skerry stop --rm web"
        })
public final class StopCommand extends ClusterCommand {
    @Parameters(paramLabel = "NAME", description = "The container; NAME@HOST for one of several.")
    private String name = "";

    @Option(names = "--rm", description = "Destroy its unit as well.")
    private boolean remove;

    @Override
    int run(Cluster cluster) throws IOException {
        var words = new ArrayList<>(List.of(remove ? "destroy" : "stop"));
        words.addAll(cluster.container(name).units());
        return cluster.fleet(out(), err(), words.toArray(String[]::new));
    }
}
