package io.skerry.node.cli;

import io.skerry.base.log.LogSetup;
import io.skerry.node.Node;
import io.skerry.node.ServerProcess;
import io.skerry.node.config.NodeConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs what this host takes part in. */
@Command(
        name = "node",
        description = "Run this host's part of the cluster until told to stop.",
        footer = {"", "Example:", "  skerry node --config /etc/skerry/node.yaml"})
final class NodeCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "/etc/skerry/node.yaml",
            description = "What this host is to be (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("/etc/skerry/node.yaml");

    @Override
    public Integer call() throws Exception {
        var config = NodeConfig.load(file);
        LogSetup.install("info");
        return ServerProcess.run(
                "node " + config.name(),
                fatal -> Node.start(config, VersionCommand.version(), fatal));
    }
}
