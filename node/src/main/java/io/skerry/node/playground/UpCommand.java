package io.skerry.node.playground;

import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.Playground;
import io.skerry.testbed.hosts.PlaygroundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts a cluster here. */
@Command(
        name = "up",
        description = {
            "Start a cluster: virtual hosts on this machine, each with its own systemd.",
            "Where systemd runs this machine and --hosts is not given, the node is installed as a"
                    + " unit of this machine instead."
        },
        footer = {
            "",
            "Calling it again starts what is down and otherwise changes nothing.",
            "",
            "Examples:",
            "  skerry up                            three hosts",
            "  skerry up --hosts 5                  two more",
            "  skerry --playground test up          others beside them"
        })
public final class UpCommand implements Callable<Integer> {
    private static final int DEFAULT_HOSTS = 3;
    private static final Duration LOCK_LIMIT = Duration.ofMinutes(3);

    @Option(
            names = "--hosts",
            paramLabel = "N",
            description = "How many virtual hosts (default: 3, or as many as there are).")
    private @Nullable Integer hosts;

    @Option(
            names = "--no-install",
            description = "Refuse to install missing system packages, naming them.")
    private boolean noInstall;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Session session = Session.of(spec);
        checkNumber();
        session.requireRoot("Virtual hosts need root");
        PrintWriter out = spec.commandLine().getOut();
        try (var progress = Progress.on(spec.commandLine().getErr())) {
            boolean here = hosts == null && !session.hasFiles() && session.meansThisMachine();
            if (here && ThisMachine.runsSystemd()) {
                new ThisMachine(progress).up(out);
                return 0;
            }
            Playground playground = session.open();
            SystemPackages.ensure(!noInstall, progress);
            playground.locked(
                    LOCK_LIMIT, progress::waitingFor, () -> up(session, playground, progress, out));
        }
        return 0;
    }

    private void checkNumber() {
        if (hosts != null && (hosts < 1 || hosts > Host.MAX_HOSTS)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--hosts is " + hosts + " and must be from 1 to " + Host.MAX_HOSTS);
        }
    }

    private void up(Session session, Playground playground, Progress progress, PrintWriter out)
            throws IOException, InterruptedException {
        int present = playground.hosts().size();
        int wanted = hosts != null ? hosts : present > 0 ? present : DEFAULT_HOSTS;
        if (wanted < present) {
            throw new PlaygroundException(
                    "playground "
                            + playground.name()
                            + " has "
                            + present
                            + " hosts and hosts are not taken away: call \""
                            + session.command("up --hosts " + present)
                            + "\", or begin anew with \""
                            + session.command("down")
                            + "\"");
        }
        var bringup = new Bringup(playground, progress);
        if (present > 0 && bringup.isComplete(wanted)) {
            out.printf(
                    "Playground %s is already up with %d hosts: nothing to do.%n",
                    playground.name(), present);
            return;
        }
        bringup.run(wanted);
        progress.clear();
        out.print(Welcome.text(session, ClusterAccess.of(playground), progress.elapsed()));
    }
}
