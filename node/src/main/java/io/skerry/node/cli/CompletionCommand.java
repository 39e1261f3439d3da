package io.skerry.node.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that completes commands and flags in bash. */
@Command(
        name = "completion",
        description = "Print a completion script for bash.",
        footer = {"", "Example:", "  source <(skerry completion)"})
final class CompletionCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().getOut().println(AutoComplete.bash("skerry", Main.everything()));
    }
}
