package io.skerry.chaos;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code skerry chaos}. */
@Command(
        name = "chaos",
        description = "Break members on purpose and check what clients were promised.",
        subcommands = StoreCommand.class,
        footer = {"", "Example:", "  skerry chaos store --members 3 --seconds 60"})
public final class ChaosCommand implements Runnable {
    private final Path launcher;

    @Spec private CommandSpec spec = CommandSpec.create();

    /**
     * The command.
     *
     * @param launcher the {@code skerry} that starts what is broken
     */
    public ChaosCommand(Path launcher) {
        this.launcher = launcher;
    }

    Path launcher() {
        return launcher;
    }

    /** {@inheritDoc} Reached when it was not said what to break. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "what is to be broken is missing; skerry chaos --help lists it");
    }
}
