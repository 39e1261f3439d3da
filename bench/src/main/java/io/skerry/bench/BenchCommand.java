package io.skerry.bench;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code skerry bench}. */
@Command(
        name = "bench",
        description = "Measure Skerry beside the originals.",
        subcommands = {
            StoreCommand.class,
            SliceCommand.class,
            FleetCommand.class,
            NetCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  skerry bench store --members 1 --in-flight 100",
            "  skerry bench slice",
            "  skerry bench fleet",
            "  skerry bench net --flanneld /usr/local/bin/flanneld"
        })
public final class BenchCommand implements Runnable {
    private final Path launcher;

    @Spec private CommandSpec spec = CommandSpec.create();

    /**
     * The command.
     *
     * @param launcher the {@code skerry} that starts what is measured
     */
    public BenchCommand(Path launcher) {
        this.launcher = launcher;
    }

    Path launcher() {
        return launcher;
    }

    /** {@inheritDoc} Reached when it was not said what to measure. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what is to be measured is missing; skerry bench --help lists it");
    }
}
