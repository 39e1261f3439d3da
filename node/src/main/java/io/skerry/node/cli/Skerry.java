package io.skerry.node.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command line and its global flags. Commands reach it as their parent command. */
@Command(
        name = "skerry",
        description = "Turns Linux hosts into one computer.",
        synopsisHeading = "Usage: ",
        customSynopsis = "skerry [--playground NAME] COMMAND [FLAGS]",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  skerry up                            three virtual hosts with a cluster on them",
            "  skerry fleet start web.service       run a unit somewhere in the cluster",
            "  skerry COMMAND --help                more about a command",
        })
public final class Skerry implements Runnable {
    static final String USUAL_PLAYGROUND = "default";

    @Option(
            names = "--playground",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            defaultValue = USUAL_PLAYGROUND,
            description = "Which playground is meant (default: ${DEFAULT-VALUE}).")
    private String playground = USUAL_PLAYGROUND;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Spec private CommandSpec spec = CommandSpec.create();

    /** The name given with {@code --playground}, or the usual one. */
    String playground() {
        return playground;
    }

    /** {@inheritDoc} Reached when no command was given. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing; skerry --help lists them");
    }
}
