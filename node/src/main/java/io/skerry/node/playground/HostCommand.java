package io.skerry.node.playground;

import io.skerry.testbed.hosts.Host;
import io.skerry.testbed.hosts.HostStatus;
import io.skerry.testbed.hosts.Playground;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Acts on the virtual hosts of a playground. */
@Command(
        name = "host",
        description = "Act on virtual hosts: cut their power, freeze them, cut their network.",
        footer = {
            "",
            "A HOST is a name (h1), an address, a machine id or a unique prefix of one.",
            "",
            "Examples:",
            "  skerry host list",
            "  skerry host kill h2",
            "  skerry host partition h1 h2 && skerry host heal h1",
            "  skerry host exec h1 -- systemctl status"
        })
public final class HostCommand extends CommandGroup {
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(60);

    @Command(
            name = "list",
            description = "List the hosts and what they do.",
            footer = {"", "Examples:", "  ${COMMAND-FULL-NAME}", "  ${COMMAND-FULL-NAME} -o json"})
    int list(@Mixin Output output) throws IOException, InterruptedException {
        Playground playground = Session.of(spec()).existing();
        var statuses = new ArrayList<HostStatus>();
        for (Host host : playground.hosts()) {
            statuses.add(playground.status(host));
        }
        return output.show(HostRows.of(statuses));
    }

    @Command(
            name = "kill",
            description = "Cut the power: all of it ends at once, its disk stays.",
            footer = {
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME} h2",
                "  ${COMMAND-FULL-NAME} 522e7ccf h3"
            })
    int kill(@Parameters(paramLabel = "HOST", arity = "1..*") List<String> hosts)
            throws IOException, InterruptedException {
        return each(hosts, "has no power any more", Playground::kill);
    }

    @Command(
            name = "stop",
            description = "Shut down cleanly.",
            footer = {"", "Example:", "  ${COMMAND-FULL-NAME} h2"})
    int stop(@Parameters(paramLabel = "HOST", arity = "1..*") List<String> hosts)
            throws IOException, InterruptedException {
        return each(hosts, "is shut down", Playground::stop);
    }

    @Command(
            name = "start",
            description = "Boot, and wait until the host's node answers.",
            footer = {"", "Example:", "  ${COMMAND-FULL-NAME} h2"})
    int start(@Parameters(paramLabel = "HOST", arity = "1..*") List<String> hosts)
            throws IOException, InterruptedException {
        return each(
                hosts,
                "is up and takes part",
                (playground, host) -> {
                    playground.start(host);
                    try (var progress = Progress.on(spec().commandLine().getErr())) {
                        ClusterProbe.awaitHost(playground, host, progress);
                    }
                });
    }

    @Command(
            name = "freeze",
            description = "Stop all processes without their knowing.",
            footer = {"", "Example:", "  ${COMMAND-FULL-NAME} h1 h2"})
    int freeze(@Parameters(paramLabel = "HOST", arity = "1..*") List<String> hosts)
            throws IOException, InterruptedException {
        return each(hosts, "is frozen", Playground::freeze);
    }

    @Command(
            name = "thaw",
            description = "Let a frozen host go on.",
            footer = {"", "Example:", "  ${COMMAND-FULL-NAME} h1 h2"})
    int thaw(@Parameters(paramLabel = "HOST", arity = "1..*") List<String> hosts)
            throws IOException, InterruptedException {
        return each(hosts, "goes on", Playground::thaw);
    }

    @Command(
            name = "isolate",
            description = "Cut off from everything, both ways.",
            footer = {"", "Example:", "  ${COMMAND-FULL-NAME} h2"})
    int isolate(@Parameters(paramLabel = "HOST", arity = "1..*") List<String> hosts)
            throws IOException, InterruptedException {
        return each(hosts, "is isolated", Playground::isolate);
    }

    @Command(
            name = "heal",
            description = "End all network faults of a host.",
            footer = {"", "Example:", "  ${COMMAND-FULL-NAME} h2"})
    int heal(@Parameters(paramLabel = "HOST", arity = "1..*") List<String> hosts)
            throws IOException, InterruptedException {
        return each(hosts, "has its network back", Playground::heal);
    }

    @Command(
            name = "partition",
            description = "Cut two hosts off from each other, both ways.",
            footer = {"", "Example:", "  ${COMMAND-FULL-NAME} h1 h2"})
    int partition(@Parameters(paramLabel = "A") String a, @Parameters(paramLabel = "B") String b)
            throws IOException, InterruptedException {
        Playground playground = Session.of(spec()).existing();
        Host first = playground.resolve(a);
        Host second = playground.resolve(b);
        playground.locked(LOCK_LIMIT, this::waiting, () -> playground.partition(first, second));
        say(first + " and " + second + " are cut off from each other");
        return 0;
    }

    @Command(
            name = "loss",
            description = "Lose a share of a host's packets, both ways, until healed.",
            footer = {"", "Example:", "  ${COMMAND-FULL-NAME} h2 30"})
    int loss(
            @Parameters(paramLabel = "HOST") String reference,
            @Parameters(paramLabel = "PERCENT") int percent)
            throws IOException, InterruptedException {
        if (percent < 1 || percent > 100) {
            throw new ParameterException(
                    spec().commandLine(), "PERCENT is " + percent + " and must be from 1 to 100");
        }
        return each(
                List.of(reference),
                "loses " + percent + " % of its packets",
                (playground, host) -> playground.loss(host, percent));
    }

    @Command(
            name = "exec",
            description = "Run a command in a host; its exit status becomes ours.",
            customSynopsis = "skerry host exec HOST -- COMMAND [ARGUMENTS]",
            footer = {
                "",
                "Examples:",
                "  ${COMMAND-FULL-NAME} h1 -- systemctl status",
                "  ${COMMAND-FULL-NAME} 10.88.0.12 -- journalctl -n 20"
            })
    int exec(
            @Parameters(index = "0", paramLabel = "HOST") String reference,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND")
                    List<String> command)
            throws IOException, InterruptedException {
        Playground playground = Session.of(spec()).existing();
        return playground.exec(playground.resolve(reference), command);
    }

    private interface Act {
        void on(Playground playground, Host host) throws IOException, InterruptedException;
    }

    /** Resolves all first, so that a wrong name does nothing rather than half. */
    private int each(List<String> references, String done, Act act)
            throws IOException, InterruptedException {
        Playground playground = Session.of(spec()).existing();
        var hosts = new ArrayList<Host>();
        for (String reference : references) {
            hosts.add(playground.resolve(reference));
        }
        playground.locked(
                LOCK_LIMIT,
                this::waiting,
                () -> {
                    for (Host host : hosts) {
                        act.on(playground, host);
                        say(host + " (" + host.machineId().substring(0, 8) + ") " + done);
                    }
                    Bringup.ensureRelay(playground);
                });
        return 0;
    }

    private void waiting(String process) {
        Progress.on(spec().commandLine().getErr()).waitingFor(process);
    }

    private void say(String line) {
        spec().commandLine().getOut().println(line);
    }
}
