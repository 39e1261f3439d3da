package io.skerry.node.playground;

import io.skerry.testbed.hosts.ForegroundProcess;
import io.skerry.testbed.hosts.Playground;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what the node program says on its hosts. */
@Command(
        name = "logs",
        description = "Show the log of the node program of one host, or of all, by time.",
        footer = {
            "",
            "Works for hosts that are down as well. The log of a unit: skerry fleet journal UNIT.",
            "",
            "Examples:",
            "  skerry logs h2",
            "  skerry logs -f"
        })
public final class LogsCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "HOST",
            description = "Name, address, machine id or its unique prefix.")
    private @Nullable String host;

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
        Session session = Session.of(spec);
        var command = new ArrayList<>(List.of("journalctl", "--no-pager", "-q", "-o", "short"));
        if (session.isThisMachine()) {
            if (host != null) {
                throw new ParameterException(
                        spec.commandLine(), "there is only this machine; leave out " + host);
            }
        } else {
            Playground playground = session.existing();
            command.add("-m");
            command.add("-D");
            command.add(
                    (host == null
                                    ? playground.journals()
                                    : playground.journal(playground.resolve(host)))
                            .toString());
        }
        command.addAll(List.of("-u", Program.UNIT, "-n", Integer.toString(lines)));
        if (follow) {
            command.add("-f");
        }
        return ForegroundProcess.run(command);
    }
}
