package io.skerry.node.playground;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A word that does nothing without one of the commands below it. */
public abstract class CommandGroup implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    /** What it was called with. */
    protected final CommandSpec spec() {
        return spec;
    }

    /** {@inheritDoc} Reached when none of its commands was given. */
    @Override
    public final void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing; there are "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
