package io.skerry.node.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Certificates of a cluster. */
@Command(
        name = "pki",
        description = "Make the certificates of a cluster.",
        subcommands = PkiCreateCommand.class,
        footer = {
            "",
            "Example:",
            "  skerry pki create --dir pki --hosts 10.0.0.1,node1.example.org"
        })
final class PkiCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing; there is create");
    }
}
