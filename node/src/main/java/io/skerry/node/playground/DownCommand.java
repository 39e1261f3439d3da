package io.skerry.node.playground;

import io.skerry.testbed.hosts.Playground;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Removes a cluster from this machine. */
@Command(
        name = "down",
        description = "Remove the cluster with all its hosts, also what a crash has left of it.",
        footer = {
            "",
            "Examples:",
            "  skerry down                  remove everything",
            "  skerry down --keep-data      the next up finds the store and the hosts' disks again"
        })
public final class DownCommand implements Callable<Integer> {
    private static final Duration LOCK_LIMIT = Duration.ofMinutes(3);

    @Option(names = "--keep-data", description = "Keep disks and certificates for the next time.")
    private boolean keepData;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Session session = Session.of(spec);
        session.requireRoot("Playgrounds belong to root");
        PrintWriter out = spec.commandLine().getOut();
        try (var progress = Progress.on(spec.commandLine().getErr())) {
            Playground playground = session.openForRemoval();
            boolean something = playground.hasRemains() || (playground.hasFiles() && !keepData);
            if (!something && session.meansThisMachine() && ThisMachine.isInstalled()) {
                new ThisMachine(progress).down(keepData, out);
                return 0;
            }
            progress.step("Removing playground " + playground.name());
            playground.locked(LOCK_LIMIT, progress::waitingFor, () -> playground.destroy(keepData));
            progress.clear();
            out.println(
                    !something
                            ? "Playground " + playground.name() + " is not up: nothing to do."
                            : "Playground "
                                    + playground.name()
                                    + (keepData ? " is down; its data is kept." : " is removed."));
        }
        return 0;
    }
}
