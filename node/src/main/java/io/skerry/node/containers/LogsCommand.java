package io.skerry.node.containers;

import io.skerry.node.playground.NodeLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a container writes, or what the node program says on its hosts. */
@Command(
        name = "logs",
        description = {
            "Show what a container writes; or the log of the node program of one host, or of all,"
                    + " by time."
        },
        footer = {
            "",
            "The node's log is shown for hosts that are down as well. The log of a unit, with what",
            "systemd says of it: skerry fleet journal UNIT.",
            "",
            "Examples:",
            "  skerry logs -f web",
            "  skerry logs h2",
            "  skerry logs -f"
        })
public final class LogsCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description =
                    "A container; or a host by name, address, machine id or its unique prefix.")
    private @Nullable String name;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "How many lines of the past (default: 100).")
    private int lines = 100;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (lines < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--lines is " + lines + " and must not be negative");
        }
        if (name == null || NodeLog.isHost(spec, name)) {
            return NodeLog.print(spec, name, lines, follow);
        }
        try (var cluster = Cluster.of(spec)) {
            var log = new ContainerLog(cluster, cluster.container(name).id().value());
            PrintWriter out = spec.commandLine().getOut();
            if (follow) {
                log.follow(
                        lines,
                        line -> {
                            out.println(line.text());
                            return !out.checkError(); // it also writes at once
                        });
            } else {
                log.last(lines).forEach(line -> out.println(line.text()));
            }
        }
        return 0;
    }
}
