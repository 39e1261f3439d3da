package io.skerry.node.playground;

import io.skerry.flannel.config.ConfigFault;
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
            "  skerry --playground test up          others beside them",
            "  skerry up --network"
                    + " '{\"Network\":\"10.77.0.0/16\",\"Backend\":{\"Type\":\"vxlan\"}}'"
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

    @Option(
            names = "--network",
            paramLabel = "JSON",
            description = {
                "Give the cluster an overlay network, in flannel's terms, and wait until every"
                        + " host has its subnet (default: none)."
            })
    private @Nullable String network;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Session session = Session.of(spec);
        checkNumber();
        checkNetwork();
        session.requireRoot("Virtual hosts need root");
        PrintWriter out = spec.commandLine().getOut();
        try (var progress = Progress.on(spec.commandLine().getErr())) {
            boolean here = hosts == null && !session.hasFiles() && session.meansThisMachine();
            if (here && ThisMachine.runsSystemd()) {
                new ThisMachine(progress).up(out);
                if (network != null) {
                    PlaygroundNetwork.configure(ThisMachine.access(), network);
                    PlaygroundNetwork.awaitHere();
                }
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

    private void checkNetwork() {
        if (network != null) {
            try {
                PlaygroundNetwork.checked(network);
            } catch (ConfigFault e) {
                throw new ParameterException(spec.commandLine(), "--network: " + e.getMessage(), e);
            }
        }
    }

    private void bringNetwork(Playground playground, Progress progress)
            throws IOException, InterruptedException {
        if (network != null) {
            progress.step("Configuring the network");
            PlaygroundNetwork.configure(ClusterAccess.of(playground), network);
            PlaygroundNetwork.await(playground, progress);
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
            bringNetwork(playground, progress);
            progress.clear();
            out.printf(
                    "Playground %s is already up with %d hosts: nothing to do.%n",
                    playground.name(), present);
            return;
        }
        bringup.run(wanted);
        bringNetwork(playground, progress);
        progress.clear();
        out.print(Welcome.text(session, ClusterAccess.of(playground), progress.elapsed()));
    }
}
