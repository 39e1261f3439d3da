package io.skerry.node.containers;

import io.skerry.containers.remote.HostClient.HostContainer;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What there is to know of containers. */
@Command(
        name = "containers",
        description = "List containers, or tell the address of one.",
        subcommands = {ContainersCommand.ListContainers.class, ContainersCommand.Ip.class},
        footer = {"", "Examples:", "  skerry containers list", "  skerry containers ip web"})
public final class ContainersCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say list or ip");
    }

    @Command(
            name = "list",
            description = "List the containers of the cluster, as skerry ps does.",
            footer = {"", "Example:", "  skerry containers list -o wide"})
    static final class ListContainers extends PsCommand {}

    @Command(
            name = "ip",
            description = "Print the address of a container.",
            footer = {
                "",
                "It is reached from its own host and from containers there; where flannel runs,",
                "from all hosts. Others come in through ports that are published.",
                "",
                "Example:",
                "  skerry containers ip web"
            })
    static final class Ip extends ClusterCommand {
        @Parameters(
                paramLabel = "NAME",
                description = "The container; NAME@HOST for one of several.")
        private String name = "";

        @Override
        int run(Cluster cluster) throws IOException, InterruptedException {
            KnownContainer container = cluster.container(name);
            String address =
                    cluster.hosts().containers(container.onMachine()).stream()
                            .filter(running -> running.name().equals(container.id().value()))
                            .map(HostContainer::address)
                            .filter(given -> !given.isEmpty())
                            .findFirst()
                            .orElseThrow(() ->
                                    new IOException(
                                            "container "
                                                    + name
                                                    + " has no address now, it is "
                                                    + container.state()
                                                    + " on "
                                                    + container.host()));
            out().println(address);
            return 0;
        }
    }
}
